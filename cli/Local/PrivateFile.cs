using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local;

/// <summary>Files that only their owner may read (mode 600), written as a whole or not at all.</summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Makes a folder that only its owner may enter; an existing one is left as it is.</summary>
    internal static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotOnWindows();
        }

        Directory.CreateDirectory(path, FolderMode700);
    }

    internal static async Task WriteAsync(string path, string text, UnixUser? owner, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotOnWindows();
        }

        var temporary = path + ".new";
        File.Delete(temporary);
        await using (var stream = new FileStream(
            temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = FileMode600 }))
        {
            if (owner is not null)
            {
                LibC.ChangeOwner(temporary, owner);
            }

            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static PlatformNotSupportedException NotOnWindows() => new("The local commands run on Linux.");
}
