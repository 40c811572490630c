using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.Transcribe;

/// <summary>A recording as `transcribe --json` writes it.</summary>
internal sealed record TranscribeLine(
    string File, long DurationMs, string Status, string Text, string? Reason, float? Confidence, string? Engine, string? Model, string? Deployment,
    IReadOnlyList<AlternativeLine> Alternatives, IReadOnlyList<WordLine> Words)
{
    public static TranscribeLine From(string file, Recording recording, TranscribeResponse answer) => new(
        file,
        (long)recording.Duration.TotalMilliseconds,
        JsonLines.Name(answer.Status),
        answer.Text,
        JsonLines.NullIfEmpty(answer.Reason),
        answer.HasConfidence ? answer.Confidence : null,
        JsonLines.NullIfEmpty(answer.Engine),
        JsonLines.NullIfEmpty(answer.Model),
        JsonLines.NullIfEmpty(answer.Deployment),
        [.. answer.Alternatives.Select(AlternativeLine.From)],
        [.. answer.Words.Select(WordLine.From)]);
}
