namespace Fleet.Benchmarks.Connections;

/// <summary>How it stands with the idle devices.</summary>
/// <param name="Open">Sessions that are open.</param>
/// <param name="Broken">Sessions that have ended since the start.</param>
/// <param name="Answered">Heartbeats that were answered since the start.</param>
/// <param name="Error">What went wrong last.</param>
internal sealed record ConnectionsAnswer(int Open, long Broken, long Answered, string? Error);
