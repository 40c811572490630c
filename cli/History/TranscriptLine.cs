using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.History;

/// <summary>An utterance as `history --json` and `watch --json` write it; the names are those of the dashboard's export.</summary>
internal sealed record TranscriptLine(
    string DeviceId, string UtteranceId, ulong SequenceNumber, string? StartedAt, string? ReceivedAt, uint DurationMs, string Status, string Text, string? Reason,
    float? Confidence, string? Engine, string? Model, string? Deployment, string? Endpoint, string? RequestId, uint? QueuedMs, uint? ScoredMs, uint? Version,
    string? TranscribedAt, string Trigger, string? Keyword, float? KeywordScore, string? KeywordModelId, string? Source, string Clock, bool HasAudio)
{
    public static TranscriptLine From(TranscriptRecord row) => new(
        row.DeviceId,
        row.UtteranceId,
        row.SequenceNumber,
        JsonLines.Time(row.StartedAtUnixMs),
        JsonLines.Time(row.ReceivedAtUnixMs),
        row.DurationMs,
        JsonLines.Name(row.Status),
        row.Text,
        JsonLines.NullIfEmpty(row.Reason),
        row.HasConfidence ? row.Confidence : null,
        JsonLines.NullIfEmpty(row.Engine),
        JsonLines.NullIfEmpty(row.Model),
        JsonLines.NullIfEmpty(row.Deployment),
        JsonLines.NullIfEmpty(row.Endpoint),
        JsonLines.NullIfEmpty(row.RequestId),
        row.HasQueuedMs ? row.QueuedMs : null,
        row.HasScoredMs ? row.ScoredMs : null,
        row.HasVersion ? row.Version : null,
        JsonLines.Time(row.TranscribedAtUnixMs),
        JsonLines.Name(row.Trigger),
        JsonLines.NullIfEmpty(row.Keyword),
        row.HasKeywordScore ? row.KeywordScore : null,
        JsonLines.NullIfEmpty(row.KeywordModelId),
        JsonLines.NullIfEmpty(row.Source),
        JsonLines.Name(row.Clock),
        row.HasAudio);
}
