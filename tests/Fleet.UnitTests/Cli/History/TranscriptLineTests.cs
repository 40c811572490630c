using System.Text.Json;
using Fleet.Cli.History;
using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.UnitTests.Cli.History;

/// <summary>What programs read of the history: names and shapes stay.</summary>
public sealed class TranscriptLineTests
{
    private static readonly TranscriptRecord _row = new()
    {
        DeviceId = "kitchen",
        UtteranceId = "01972f3a-7c00-7000-8000-000000000000",
        SequenceNumber = 7,
        StartedAtUnixMs = 1_764_576_000_250,
        DurationMs = 1_200,
        Status = UtteranceStatus.Transcribed,
        Text = "say \"hi\"\tto\nJürgen\u001b[2J ✓",
        Confidence = 0.5f,
        Deployment = "green",
        QueuedMs = 3,
        Trigger = Trigger.Vad,
        Clock = Clock.Server,
        HasAudio = true,
    };

    [Fact]
    public void Json_HasEveryNameAndOneLine()
    {
        using StringWriter output = new();

        JsonLines.Write(output, TranscriptLine.From(_row));

        output.ToString().TrimEnd('\n').ShouldNotContain('\n');
        output.ToString().ShouldNotContain('\u001b');
        using var json = JsonDocument.Parse(output.ToString());
        json.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(
            [
                "device_id", "utterance_id", "sequence_number", "started_at", "received_at", "duration_ms", "status", "text", "reason", "confidence", "engine", "model",
                "deployment", "endpoint", "request_id", "queued_ms", "scored_ms", "version", "transcribed_at", "trigger", "keyword", "keyword_score", "keyword_model_id", "source", "clock",
                "has_audio",
            ]);
        json.RootElement.GetProperty("started_at").GetString().ShouldBe("2025-12-01T08:00:00.250Z");
        json.RootElement.GetProperty("text").GetString().ShouldBe(_row.Text);
        json.RootElement.GetProperty("status").GetString().ShouldBe("transcribed");
        json.RootElement.GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("queued_ms").GetInt32().ShouldBe(3);
        json.RootElement.GetProperty("scored_ms").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Tsv_HasAsManyColumnsAsNamesAndEscapesWhatWouldBreakThem()
    {
        var line = TranscriptTsv.Line(TranscriptLine.From(_row));

        line.Split('\t').Length.ShouldBe(TranscriptTsv.Header.Split('\t').Length);
        line.ShouldNotContain('\n');
        line.ShouldContain("say \"hi\"\\tto\\nJürgen");
    }

    [Fact]
    public void Plain_TextThatSteersATerminal_IsHarmless() => PlainText.Of("a\u001b[31mb\u009bc\nd").ShouldBe("a [31mb c d");
}
