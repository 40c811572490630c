namespace Fleet.Audio;

/// <summary>The sentences about WAV files that cannot be read: which file, what it is, and the command that mends it.</summary>
internal static class WavErrors
{
    private const string Supported =
        "Fleet reads WAV files with 8, 16, 24 or 32-bit PCM or floating-point samples, 8 to 192 kHz, mono or stereo";

    public static WavFormatException Unsupported(string name, string what) => new(
        $"'{name}' {what}. {Supported}; convert it with: ffmpeg -i {Input(name)} -c:a pcm_s16le -ac 1 -ar 16000 OUTPUT.wav");

    public static WavFormatException TooManyChannels(string name, int channels) => new(
        $"'{name}' has {channels} channels, and only a person knows which of them holds the speech. Fleet reads mono or stereo; take the first with: "
        + $"ffmpeg -i {Input(name)} -af \"pan=mono|c0=c0\" -c:a pcm_s16le OUTPUT.wav (or all of them, mixed, with: -ac 1)");

    public static WavFormatException Damaged(string name, string what) => new(
        $"'{name}' is damaged: {what}. Copy or record it again, or save what is there with: "
        + $"ffmpeg -i {Input(name)} -c:a pcm_s16le OUTPUT.wav");

    public static WavFormatException CutOff(string name, string what) => new(
        $"'{name}' is cut off: {what}. What is there was read. Copy or record it again; to save it as it is: "
        + $"ffmpeg -i {Input(name)} -c:a pcm_s16le OUTPUT.wav");

    /// <summary>What a file is that does not begin as a WAV file does.</summary>
    public static WavFormatException NotAWav(string name, ReadOnlySpan<byte> start) => Unsupported(
        name,
        start.Length == 0 ? "is empty"
        : start.StartsWith("RIFX"u8) ? "is a big-endian WAV file (RIFX)"
        : start.StartsWith("RIFF"u8) && start.Length == 12 ? "is a RIFF file, but not a WAV file"
        : start.StartsWith("OggS"u8) ? "is an Ogg file (Vorbis or Opus), not a WAV file"
        : start.StartsWith("fLaC"u8) ? "is a FLAC file, not a WAV file"
        : start.StartsWith("FORM"u8) ? "is an AIFF file, not a WAV file"
        : start.StartsWith("caff"u8) ? "is a CAF file, not a WAV file"
        : start.StartsWith(".snd"u8) ? "is an AU file, not a WAV file"
        : start.StartsWith("riff"u8) ? "is a Wave64 file, not a WAV file"
        : start.StartsWith("ID3"u8) || start is [0xFF, >= 0xE0, ..] ? "is an MP3 file, not a WAV file"
        : start.Length >= 8 && start[4..].StartsWith("ftyp"u8) ? "is an MP4 file (such as M4A), not a WAV file"
        : "is not a WAV file");

    private static string Input(string name) => Path.HasExtension(name) ? $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'" : "INPUT";
}
