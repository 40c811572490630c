using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Audio;
using Fleet.Scoring.Configuration;

namespace Fleet.Scoring.Score;

/// <summary>Reads the three bodies of /score in one pass, with the limits checked while reading.</summary>
internal static class ScoreRequestReader
{
    private const int MaxIdLength = 200;

    private const string Forms =
        "Send {\"data\":[samples]}, {\"data\":[[samples],[samples]]} or {\"inputs\":[{\"id\":\"…\",\"sample_rate\":16000,\"audio\":\"base64 of 16-bit PCM\"}]}.";

    /// <exception cref="ScoreFaultException">The request as a whole cannot be served.</exception>
    public static ScoreRequest Read(ReadOnlySpan<byte> body, ScoringServerOptions options)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var request = ReadObject(ref reader, options);
            return reader.Read() ? throw Bad("The body goes on after its JSON object: send one object.") : request;
        }
        catch (JsonException ex)
        {
            throw Bad(
                $"The body is not JSON, or nested more than 64 deep (line {ex.LineNumber + 1}, byte {ex.BytePositionInLine}). "
                + $"NaN and Infinity are not JSON numbers. {Forms}");
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader finds those only when a text is read.
            throw Bad($"The body has a text that is not UTF-8, or half a surrogate pair. {Forms}");
        }
    }

    private static ScoreRequest ReadObject(ref Utf8JsonReader reader, ScoringServerOptions options)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad($"The body is not a JSON object. {Forms}");
        }

        ScoreRequest? request = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            if (!isData && !reader.ValueTextEquals("inputs"u8))
            {
                reader.Skip();
                continue;
            }

            if (request is not null)
            {
                throw Bad($"The body has more than one of \"data\" and \"inputs\". {Forms}");
            }

            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw Bad($"\"{(isData ? "data" : "inputs")}\" is not an array. {Forms}");
            }

            request = isData ? ReadData(ref reader, options) : new ScoreRequest(ScoreForm.Inputs, ReadInputs(ref reader, options));
        }

        return request ?? throw Bad($"The body has neither \"data\" nor \"inputs\". {Forms}");
    }

    private static ScoreRequest ReadData(ref Utf8JsonReader reader, ScoringServerOptions options)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            var samples = NumberSamples.Read(ref reader, "data", options.MaxSamplesPerItem);
            return new ScoreRequest(ScoreForm.Single, [new ScoreItem(null, samples)]);
        }

        var items = new List<ScoreItem>();
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            CheckCount("data", items.Count, options);
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw Bad($"data[{items.Count}] is not a list of samples as the ones before it. {Forms}");
            }

            reader.Read();
            items.Add(new ScoreItem(null, NumberSamples.Read(ref reader, $"data[{items.Count}]", options.MaxSamplesPerItem)));
        }

        return new ScoreRequest(ScoreForm.List, items);
    }

    private static List<ScoreItem> ReadInputs(ref Utf8JsonReader reader, ScoringServerOptions options)
    {
        var items = new List<ScoreItem>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            CheckCount("inputs", items.Count, options);
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Bad($"inputs[{items.Count}] is not an object. {Forms}");
            }

            var item = ReadInput(ref reader, $"inputs[{items.Count}]", options);
            if (item.Id is not null && !ids.Add(item.Id))
            {
                throw Bad($"inputs[{items.Count}].id was there before: give each recording an id of its own, the answers are found by it.");
            }

            items.Add(item);
        }

        return items.Count > 0 ? items : throw Bad($"\"inputs\" is empty. {Forms}");
    }

    private static ScoreItem ReadInput(ref Utf8JsonReader reader, string name, ScoringServerOptions options)
    {
        string? id = null;
        double? rate = null;
        byte[]? audio = null;
        ScoreFaultException? fault = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("sample_rate"u8))
            {
                reader.Read();
                rate = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) ? value : null;
            }
            else if (reader.ValueTextEquals("audio"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out audio))
                {
                    fault = Bad($"{name}.audio is not base64: encode the 16-bit little-endian samples with standard base64 and padding.");
                }
            }

            reader.Skip();
        }

        if (string.IsNullOrEmpty(id) || id.Length > MaxIdLength)
        {
            // Its answer stands in its place, with an empty id.
            return new ScoreItem(
                null, ReadOnlyMemory<short>.Empty, Bad($"{name}.id is not a text of 1 to {MaxIdLength} characters: the answer to the recording is found by it."));
        }

        fault ??= Check(name, rate, audio, options);
        return fault is null
            ? new ScoreItem(id, MemoryMarshal.Cast<byte, short>(audio).ToArray())
            : new ScoreItem(id, ReadOnlyMemory<short>.Empty, fault);
    }

    private static ScoreFaultException? Check(string name, double? rate, byte[]? audio, ScoringServerOptions options)
    {
        if (rate != PocketSphinxDecoder.SampleRateHz)
        {
            return Bad(rate is null
                ? $"{name}.sample_rate is missing: set it to {PocketSphinxDecoder.SampleRateHz}."
                : $"{name}.sample_rate is {rate}: resample the audio to {PocketSphinxDecoder.SampleRateHz}.");
        }

        if (audio is null or { Length: 0 })
        {
            return Bad($"{name}.audio has no samples: send 16-bit little-endian mono PCM in base64.");
        }

        if (audio.Length % sizeof(short) != 0)
        {
            return Bad($"{name}.audio has {audio.Length} bytes, half a sample too many: send 16-bit little-endian mono PCM in base64.");
        }

        return audio.Length / sizeof(short) <= options.MaxSamplesPerItem
            ? null
            : new ScoreFaultException(
                StatusCodes.Status413PayloadTooLarge,
                $"{name}.audio has {audio.Length / sizeof(short)} samples, the limit is {options.MaxSamplesPerItem}: send shorter recordings.");
    }

    private static void CheckCount(string name, int count, ScoringServerOptions options)
    {
        if (count == options.MaxItems)
        {
            throw new ScoreFaultException(
                StatusCodes.Status413PayloadTooLarge, $"\"{name}\" has more than {options.MaxItems} recordings: send fewer in one request.");
        }
    }

    private static ScoreFaultException Bad(string message) => new(StatusCodes.Status400BadRequest, message);
}
