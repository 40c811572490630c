using System.Buffers.Binary;
using System.Globalization;
using Fleet.Chaos.Schedule;

namespace Fleet.Chaos.Speech;

/// <summary>
/// Recordings for the devices of one agent such that each speaks now and then and not all at once: the agent deals files like cards and pauses
/// after each, and a file without sound is nothing but its pause. Which device speaks when, and what, comes from the seed.
/// </summary>
internal static class SpeechFolder
{
    /// <summary>Quiet after each recording, in seconds.</summary>
    public const int PauseSeconds = 2;

    // After so many utterances a device begins again; that is no shorter than a run lets it speak.
    private const int Rounds = 4;

    private const int HeaderBytes = 44;
    private const int SampleRateHz = 16_000;

    /// <param name="folder">Made here.</param>
    /// <param name="recordings">*.wav to choose from.</param>
    /// <param name="devices">Devices of the agent.</param>
    /// <param name="everySeconds">How often one device speaks, on average.</param>
    /// <param name="random">Decides.</param>
    public static void Make(string folder, IReadOnlyList<string> recordings, int devices, double everySeconds, SeededRandom random)
    {
        Directory.CreateDirectory(folder);
        var quiet = Path.Combine(folder, "quiet");
        File.WriteAllBytes(quiet, QuietWav());
        var slots = Math.Max(1, (int)Math.Round(everySeconds / PauseSeconds));
        for (var device = 0; device < devices; device++)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var spoken = random.Below(slots);
                for (var slot = 0; slot < slots; slot++)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"{(round * slots) + slot:D5}-{device:D4}.wav");
                    File.CreateSymbolicLink(Path.Combine(folder, name), slot == spoken ? recordings[random.Below(recordings.Count)] : quiet);
                }
            }
        }
    }

    /// <summary>Seconds of sound that the recordings have on average, by their sizes: good enough for a rate.</summary>
    public static double AverageSeconds(IReadOnlyList<string> recordings) =>
        recordings.Average(file => Math.Max(0, new FileInfo(file).Length - HeaderBytes)) / (SampleRateHz * sizeof(short));

    /// <summary>A WAV without a sample.</summary>
    internal static byte[] QuietWav()
    {
        var wav = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), HeaderBytes - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1); // PCM
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1); // channels
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), SampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), SampleRateHz * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16); // bits
        "data"u8.CopyTo(wav.AsSpan(36));
        return wav;
    }
}
