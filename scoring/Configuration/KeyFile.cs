using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Scoring.Configuration;

/// <summary>A credential in a file that only its owner can read.</summary>
internal static class KeyFile
{
    private const int KeyBytes = 32;
    private const int MinKeyLength = 16;

    /// <summary>Reads the key; makes the file when it is missing.</summary>
    /// <exception cref="InvalidDataException">The file has no usable key.</exception>
    public static string ReadOrCreate(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            Create(path);
        }

        var key = File.ReadAllText(path).Trim();
        return key.Length >= MinKeyLength
            ? key
            : throw new InvalidDataException($"The key in '{path}' is shorter than {MinKeyLength} characters: delete the file to have a new one made.");
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
        var draft = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
        }

        // Whole or not at all; when another process was faster, its key counts.
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
