using System.Buffers;

namespace Fleet.Audio;

/// <summary>
/// Converts mono audio from any rate between 8 and 48 kHz to 16 kHz, band-limited, in chunks of any size. The output of n samples has
/// round(n × 16000 / rate) samples and no delay; at 16 kHz it is the input, bit for bit. Not thread safe.
/// </summary>
public sealed class Resampler
{
    /// <summary>The rate of the output in samples a second.</summary>
    public const int OutputRateHz = 16_000;

    /// <summary>Creates a resampler for one stream.</summary>
    public Resampler(int inputRateHz)
    {
        InputRateHz = inputRateHz;
    }

    /// <summary>Samples a second of the input.</summary>
    public int InputRateHz { get; }

    /// <summary>Takes the next samples and writes those of the output that they determine.</summary>
    public void Push(ReadOnlySpan<short> input, IBufferWriter<short> output) => throw new NotImplementedException();

    /// <summary>The source is over: writes the rest, after which the resampler can take a new stream.</summary>
    public void Complete(IBufferWriter<short> output) => throw new NotImplementedException();

    /// <summary>Converts a whole recording.</summary>
    public static short[] Resample(ReadOnlySpan<short> input, int inputRateHz) => throw new NotImplementedException();
}
