using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Fleet.Silo.Transcription;

/// <summary>Writes the two bodies that endpoints take.</summary>
internal static class ScoringRequest
{
    private const int SampleRateHz = 16_000;

    private static readonly MediaTypeHeaderValue _json = new("application/json");

    public static HttpContent Write(ScoringFormat format, Guid utteranceId, ReadOnlySpan<byte> pcm)
    {
        // Base64 is 4/3 of the bytes; a sample as a number is 10 to 20 characters.
        var body = new ArrayBufferWriter<byte>(format == ScoringFormat.Batch ? (pcm.Length * 4 / 3) + 256 : (pcm.Length * 7) + 256);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            if (format == ScoringFormat.Batch)
            {
                json.WriteStartArray("inputs");
                json.WriteStartObject();
                json.WriteString("id", utteranceId);
                json.WriteNumber("sample_rate", SampleRateHz);
                json.WriteBase64String("audio", pcm);
                json.WriteEndObject();
                json.WriteEndArray();
            }
            else
            {
                json.WriteStartArray("data");
                foreach (var sample in MemoryMarshal.Cast<byte, short>(pcm))
                {
                    // 1/32768 is a power of two: the shortest text of the quotient is exact.
                    json.WriteNumberValue(sample / 32768f);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = _json } };
    }
}
