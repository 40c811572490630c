using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.Retranscribe;

/// <summary>An utterance of a run as `retranscribe diff --json` writes it.</summary>
internal sealed record DifferenceLine(
    string RunId, string DeviceId, string UtteranceId, string? StartedAt, string State, string? Reason, string? OldText, string? OldDeployment, string? NewText,
    float? Confidence, IReadOnlyList<ChangeLine> Changes)
{
    public static DifferenceLine From(string runId, RetranscribedUtterance utterance) => new(
        runId,
        utterance.DeviceId,
        utterance.UtteranceId,
        JsonLines.Time(utterance.StartedAtUnixMs),
        JsonLines.Name(utterance.State),
        JsonLines.NullIfEmpty(utterance.Reason),
        utterance.HasOldText ? utterance.OldText : null,
        JsonLines.NullIfEmpty(utterance.OldDeployment),
        utterance.HasNewText ? utterance.NewText : null,
        utterance.HasConfidence ? utterance.Confidence : null,
        [.. utterance.Changes.Select(ChangeLine.From)]);
}
