namespace Fleet.Cli.Retranscribe;

/// <summary>Which utterances a run was asked for.</summary>
internal sealed record RunFilterLine(IReadOnlyList<string> DeviceIds, string? Since, string? Until, string? Query, IReadOnlyList<string> Statuses);
