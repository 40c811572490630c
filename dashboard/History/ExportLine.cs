using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Dashboard.Components.Parts;
using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Dashboard.History;

/// <summary>An utterance as exports write it; names and units are those of the API.</summary>
internal sealed record ExportLine(
    string DeviceId,
    Guid UtteranceId,
    long SequenceNumber,
    string StartedAt,
    string ReceivedAt,
    long? DurationMs,
    string Status,
    string Text,
    float? Confidence,
    string? Reason,
    string Trigger,
    string? Source,
    string? Engine,
    string? Model,
    string? Deployment,
    string? TranscribedAt,
    string? Clock,
    string? Keyword,
    float? KeywordScore,
    string? KeywordModelId)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A file, never a part of a page.
    };

    public static ExportLine From(UtteranceRecord utterance) => new(
        utterance.DeviceId,
        utterance.UtteranceId,
        utterance.SequenceNumber,
        Time(utterance.StartedAt),
        Time(utterance.ReceivedAt),
        // Of what is lost nobody may know how long it was.
        utterance.Status == UtteranceStatus.Lost && utterance.Duration == TimeSpan.Zero ? null : (long)utterance.Duration.TotalMilliseconds,
        StatusView.Of(utterance.Status).Key,
        utterance.Text,
        utterance.Confidence,
        utterance.Reason,
        utterance.Trigger.ToString().ToLowerInvariant(),
        utterance.Source,
        utterance.Engine,
        utterance.Model,
        utterance.Deployment,
        utterance.TranscribedAt is { } time ? Time(time) : null,
        ClockView.Key(utterance.Clock),
        utterance.Keyword,
        utterance.KeywordScore,
        utterance.KeywordModelId);

    public static void AppendCsvHeader(StringBuilder output) => CsvWriter.AppendLine(output,
    [
        "device_id", "utterance_id", "sequence_number", "started_at", "received_at", "duration_ms", "status", "text", "confidence", "reason",
        "trigger", "source", "engine", "model", "deployment", "transcribed_at", "clock", "keyword", "keyword_score", "keyword_model_id",
    ]);

    public void AppendCsv(StringBuilder output) => CsvWriter.AppendLine(output,
    [
        DeviceId, UtteranceId.ToString(), SequenceNumber.ToString(CultureInfo.InvariantCulture), StartedAt, ReceivedAt,
        DurationMs?.ToString(CultureInfo.InvariantCulture), Status, Text, Confidence?.ToString("0.###", CultureInfo.InvariantCulture), Reason,
        Trigger, Source, Engine, Model, Deployment, TranscribedAt, Clock,
        Keyword, KeywordScore?.ToString("0.###", CultureInfo.InvariantCulture), KeywordModelId,
    ]);

    public void AppendJson(StringBuilder output) => output.Append(JsonSerializer.Serialize(this, _json)).Append('\n');

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
