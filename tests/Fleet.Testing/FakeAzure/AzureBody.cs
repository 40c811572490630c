using System.Text.Json;

namespace Fleet.Testing.FakeAzure;

/// <summary>What a body asks for, read without decoding its audio: the fake is to cost little itself.</summary>
internal sealed class AzureBody
{
    /// <summary>"inputs", or else "data".</summary>
    public bool HasIds { get; private set; }

    /// <summary>"data" is a list of lists.</summary>
    public bool IsList { get; private set; }

    public List<(string Id, int Samples)> Utterances { get; } = [];

    public double Seconds => Utterances.Sum(static utterance => utterance.Samples) / 16_000.0;

    public double LongestSeconds => Utterances.Max(static utterance => utterance.Samples) / 16_000.0;

    public static AzureBody? Read(ReadOnlySpan<byte> json)
    {
        var body = new AzureBody();
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                body.HasIds = reader.ValueTextEquals("inputs"u8);
                reader.Read();
                if (body.HasIds)
                {
                    body.ReadInputs(ref reader);
                }
                else
                {
                    body.ReadData(ref reader);
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }

        return body.Utterances.Count > 0 ? body : null;
    }

    private void ReadInputs(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var (id, samples) = ("", 0);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                {
                    reader.Read();
                    id = reader.GetString() ?? "";
                }
                else if (reader.ValueTextEquals("audio"u8))
                {
                    reader.Read();
                    samples = (reader.ValueSpan.Length / 4 * 3 / 2) - (reader.ValueSpan.EndsWith("=="u8) ? 1 : 0);
                }
                else
                {
                    reader.Skip();
                }
            }

            Utterances.Add((id, samples));
        }
    }

    private void ReadData(ref Utf8JsonReader reader)
    {
        var alone = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                alone++;
                continue;
            }

            IsList = true;
            var samples = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                samples++;
            }

            Utterances.Add(("", samples));
        }

        if (!IsList)
        {
            Utterances.Add(("", alone));
        }
    }
}
