namespace Fleet.Cli.Local.Processes;

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

    /// <summary>An empty file for writing; one that is there is replaced. Others may read it meanwhile, if they may read it at all.</summary>
    internal static FileStream Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotOnWindows();
        }

        File.Delete(path);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, UnixCreateMode = FileMode600,
        });
    }

    /// <summary>Opens or makes a file that no other process has open in this way.</summary>
    /// <exception cref="IOException">Another process has.</exception>
    internal static FileStream OpenAlone(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotOnWindows();
        }

        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = FileMode600,
        });
    }

    internal static async Task WriteAsync(string path, string text, UnixUser? owner, CancellationToken cancellationToken)
    {
        var temporary = TemporaryFor(path);
        await using (var stream = Create(temporary))
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

    internal static void Write(string path, string text)
    {
        var temporary = TemporaryFor(path);
        using (var writer = new StreamWriter(Create(temporary)))
        {
            writer.Write(text);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static string TemporaryFor(string path) => $"{path}.{Guid.NewGuid():N}.new";

    private static PlatformNotSupportedException NotOnWindows() => new("The local commands run on Linux.");
}
