using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.Retranscribe;

/// <summary>A run as `retranscribe … --json` writes it.</summary>
internal sealed record RunLine(
    string RunId, string State, string Deployment, string? RequestedBy, string? CreatedAt, string? FinishedAt, string? DecidedAt, string? DecidedBy, ulong Total,
    ulong Waiting, ulong Recognised, ulong Skipped, ulong Failed, ulong Promoted, ulong Discarded, ulong Differing, ulong OldWords, ulong WordChanges,
    RunFilterLine Filter)
{
    public static RunLine From(Retranscription run) => new(
        run.RunId,
        JsonLines.Name(run.State),
        run.Deployment,
        JsonLines.NullIfEmpty(run.RequestedBy),
        JsonLines.Time(run.CreatedAtUnixMs),
        JsonLines.Time(run.FinishedAtUnixMs),
        JsonLines.Time(run.DecidedAtUnixMs),
        JsonLines.NullIfEmpty(run.DecidedBy),
        run.Total,
        run.Waiting,
        run.Recognised,
        run.Skipped,
        run.Failed,
        run.Promoted,
        run.Discarded,
        run.Differing,
        run.OldWords,
        run.WordChanges,
        new RunFilterLine(
            [.. run.DeviceIds], JsonLines.Time(run.FromUnixMs), JsonLines.Time(run.ToUnixMs), JsonLines.NullIfEmpty(run.Query), [.. run.Statuses.Select(JsonLines.Name)]));
}
