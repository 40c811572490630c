using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.History;

/// <summary>A version of a transcript as `versions --json` writes it.</summary>
internal sealed record VersionLine(
    uint? Version, bool Current, string? RunId, string Status, string Text, float? Confidence, string? Engine, string? Model, string? Deployment, string? Endpoint,
    string? RequestId, uint? QueuedMs, uint? ScoredMs, string? CreatedAt, IReadOnlyList<AlternativeLine> Alternatives, IReadOnlyList<WordLine> Words,
    IReadOnlyList<ChangeLine> Changes)
{
    public static VersionLine From(TranscriptVersion version) => new(
        version.Version == 0 ? null : version.Version,
        version.Current,
        JsonLines.NullIfEmpty(version.RunId),
        JsonLines.Name(version.Status),
        version.Text,
        version.HasConfidence ? version.Confidence : null,
        JsonLines.NullIfEmpty(version.Engine),
        JsonLines.NullIfEmpty(version.Model),
        JsonLines.NullIfEmpty(version.Deployment),
        JsonLines.NullIfEmpty(version.Endpoint),
        JsonLines.NullIfEmpty(version.RequestId),
        version.HasQueuedMs ? version.QueuedMs : null,
        version.HasScoredMs ? version.ScoredMs : null,
        JsonLines.Time(version.CreatedAtUnixMs),
        [.. version.Alternatives.Select(AlternativeLine.From)],
        [.. version.Words.Select(WordLine.From)],
        [.. version.Changes.Select(ChangeLine.From)]);
}
