using System.Buffers.Text;
using System.Security.Cryptography;

namespace Fleet.Silo.Access;

/// <summary>A file whose text is a key.</summary>
internal static class KeyFile
{
    private const int KeyBytes = 32;
    private const int ShortestKey = 16;

    /// <summary>Reads the key, or makes a random one that only this user can read. True: it was made.</summary>
    public static (string Key, bool Made) ReadOrMake(string path)
    {
        if (!File.Exists(path) && TryMake(path) is { } made)
        {
            return (made, true);
        }

        var key = File.ReadAllText(path).Trim();
        return key.Length >= ShortestKey
            ? (key, false)
            : throw new InvalidDataException($"The key in {path} has {key.Length} characters; it needs {ShortestKey} or more. Delete the file to have a new one made.");
    }

    private static string? TryMake(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        // Written beside and then linked into place: nobody ever reads half a key, and of two who make it at once one wins.
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(key);
            writer.Write('\n');
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
            return key;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return null;
        }
    }
}
