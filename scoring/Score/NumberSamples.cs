using System.Buffers;
using System.Text.Json;

namespace Fleet.Scoring.Score;

/// <summary>Reads samples that were sent as JSON numbers.</summary>
internal static class NumberSamples
{
    private const double Int16Scale = 32_768;

    /// <summary>Reads the rest of an array whose first element, or end, the reader is at.</summary>
    public static short[] Read(ref Utf8JsonReader reader, string name, int maxSamples)
    {
        var values = new ArrayBufferWriter<double>();
        var (peak, isWhole) = (0.0, true);
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            if (values.WrittenCount == maxSamples)
            {
                throw new ScoreFaultException(
                    StatusCodes.Status413PayloadTooLarge, $"{name} has more than {maxSamples} samples: send shorter recordings.");
            }

            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var value) || !double.IsFinite(value))
            {
                throw Bad($"{name}[{values.WrittenCount}] is not a finite number: send samples as numbers.");
            }

            values.GetSpan(1)[0] = value;
            values.Advance(1);
            peak = Math.Max(peak, Math.Abs(value));
            isWhole &= value == Math.Truncate(value);
        }

        if (values.WrittenCount == 0)
        {
            throw Bad($"{name} has no samples: send 16-bit mono audio with 16000 samples a second.");
        }

        if (peak > Int16Scale)
        {
            throw Bad($"{name} has values beyond ±32768: send floats from -1 to 1, or 16-bit integers.");
        }

        // Whole numbers are 16-bit samples even when the recording is so quiet that none is beyond 1.
        var scale = peak <= 1 && !isWhole ? Int16Scale : 1;
        var samples = new short[values.WrittenCount];
        var written = values.WrittenSpan;
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)Math.Clamp(Math.Round(written[i] * scale), short.MinValue, short.MaxValue);
        }

        return samples;
    }

    private static ScoreFaultException Bad(string message) => new(StatusCodes.Status400BadRequest, message);
}
