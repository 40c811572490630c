using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.Cli.Api;

namespace Fleet.Cli.Transcribe;

/// <summary>A recording as the fleet takes it: 16 kHz, one channel, 16 bits, little endian.</summary>
/// <param name="Pcm">The samples.</param>
internal sealed record Recording(byte[] Pcm)
{
    public const int SampleRateHz = 16_000;

    // Far more than any silo takes; it keeps a file of hours out of memory.
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(10);

    public TimeSpan Duration => TimeSpan.FromSeconds(Pcm.Length / 2.0 / SampleRateHz);

    /// <summary>Reads a WAV file, or with "-" what comes on standard input.</summary>
    /// <exception cref="CliException">It is not there, too long, or no WAV file.</exception>
    public static Recording Read(string file)
    {
        try
        {
            using var reader = file == "-" ? WavReader.Open(Console.OpenStandardInput(), "standard input") : WavReader.Open(file);
            return Read(reader, file);
        }
        catch (WavFormatException exception)
        {
            throw new CliException(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{file} cannot be read: {exception.Message}");
        }
    }

    private static Recording Read(WavReader reader, string file)
    {
        var longest = (int)(_longest.TotalSeconds * reader.SampleRateHz);
        if (reader.SampleCount > longest)
        {
            throw TooLong(file);
        }

        // A stream does not say how long it is.
        var samples = new List<short>((int)(reader.SampleCount ?? 0));
        var block = new short[4_096];
        int read;
        while ((read = reader.Read(block)) > 0)
        {
            samples.AddRange(block.AsSpan(0, read));
            if (samples.Count > longest)
            {
                throw TooLong(file);
            }
        }

        if (samples.Count == 0)
        {
            throw new CliException($"{file} holds no sound.");
        }

        var resampled = Resampler.Resample(CollectionsMarshal.AsSpan(samples), reader.SampleRateHz);
        var pcm = new byte[resampled.Length * 2];
        for (var i = 0; i < resampled.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(2 * i), resampled[i]);
        }

        return new Recording(pcm);
    }

    private static CliException TooLong(string file) => new($"{file} is longer than {_longest.TotalMinutes:0} minutes: cut it into utterances first.");
}
