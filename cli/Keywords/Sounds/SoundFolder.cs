using Fleet.Audio;

namespace Fleet.Cli.Keywords.Sounds;

/// <summary>The WAV files of a folder and of those in it, in an order that does not depend on the file system.</summary>
internal static class SoundFolder
{
    /// <param name="folder">A folder, or one file.</param>
    /// <exception cref="IOException">It is not there, or holds no WAV file.</exception>
    public static IReadOnlyList<string> Files(string folder)
    {
        if (File.Exists(folder))
        {
            return [Path.GetFullPath(folder)];
        }

        if (!Directory.Exists(folder))
        {
            throw new IOException($"There is no folder '{folder}'.");
        }

        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file).Equals(".wav", StringComparison.OrdinalIgnoreCase))
            .Select(Path.GetFullPath)
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? files
            : throw new IOException($"There is no .wav file in '{folder}'. Others can be converted: ffmpeg -i IN -ac 1 -ar 16000 OUT.wav");
    }

    /// <summary>Reads what can be read; what cannot is told to <paramref name="onBroken"/>: one broken file does not end hours of work.</summary>
    public static short[]? TryRead(string file, Action<string> onBroken)
    {
        try
        {
            return Wave16.Read(file);
        }
        catch (Exception ex) when (ex is WavFormatException or IOException or UnauthorizedAccessException)
        {
            onBroken($"{file} is left out: {ex.Message}");
            return null;
        }
    }
}
