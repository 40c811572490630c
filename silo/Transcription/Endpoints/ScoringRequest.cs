using System.Buffers;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Fleet.Silo.Transcription;

/// <summary>Writes the bodies that endpoints take, as gzip where they take that.</summary>
internal static class ScoringRequest
{
    private const int SampleRateHz = 16_000;

    private static readonly MediaTypeHeaderValue _json = new("application/json");

    // Base64 has no repetitions worth a search: nearly all of what can be won is in how often each letter comes.
    private static readonly ZLibCompressionOptions _noSearch = new() { CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding };

    /// <summary>The body as it is read at the other end.</summary>
    public static ReadOnlyMemory<byte> Write(ScoringFormat format, IReadOnlyList<ScoreInput> inputs)
    {
        // Base64 is 4/3 of the bytes; a sample as a number is 10 to 20 characters.
        var pcmBytes = inputs.Sum(static input => input.Pcm.Length);
        var body = new ArrayBufferWriter<byte>(format == ScoringFormat.Batch ? (pcmBytes * 4 / 3) + (inputs.Count * 128) + 64 : (pcmBytes * 7) + 256);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray(format == ScoringFormat.Batch ? "inputs" : "data");
            foreach (var input in inputs)
            {
                switch (format)
                {
                    case ScoringFormat.Batch:
                        WriteInput(json, input);
                        break;
                    case ScoringFormat.Single:
                        WriteSamples(json, input.Pcm.Span);
                        break;
                    default:
                        json.WriteStartArray();
                        WriteSamples(json, input.Pcm.Span);
                        json.WriteEndArray();
                        break;
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    /// <summary>What is sent of it.</summary>
    public static HttpContent Content(ReadOnlyMemory<byte> body, bool isCompressed)
    {
        var sent = isCompressed ? Compress(body) : body;
        var content = new ReadOnlyMemoryContent(sent) { Headers = { ContentType = _json, ContentLength = sent.Length } };
        if (isCompressed)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        var sent = new MemoryStream((body.Length * 3 / 4) + 256);
        using (var gzip = new GZipStream(sent, _noSearch, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return sent.GetBuffer().AsMemory(0, (int)sent.Length);
    }

    private static void WriteInput(Utf8JsonWriter json, ScoreInput input)
    {
        json.WriteStartObject();
        json.WriteString("id", input.UtteranceId);
        json.WriteNumber("sample_rate", SampleRateHz);
        json.WriteBase64String("audio", input.Pcm.Span);
        json.WriteEndObject();
    }

    private static void WriteSamples(Utf8JsonWriter json, ReadOnlySpan<byte> pcm)
    {
        foreach (var sample in MemoryMarshal.Cast<byte, short>(pcm))
        {
            // 1/32768 is a power of two: the shortest text of the quotient is exact.
            json.WriteNumberValue(sample / 32768f);
        }
    }
}
