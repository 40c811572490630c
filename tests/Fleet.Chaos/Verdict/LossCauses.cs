using Fleet.Chaos.Ledgers;

namespace Fleet.Chaos.Verdict;

/// <summary>
/// What explains that an utterance is reported as lost, or is shorter than what was said: the disk of its agent was full while it was spoken,
/// or its agent was given a spool that is too small. Nothing else does.
/// </summary>
internal sealed class LossCauses(string smallDiskDevices, bool hasSmallSpool)
{
    // The fault is over a moment before the agent can write again.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(2);

    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _windows = [];

    /// <summary>The disk was full from then to then, by the machine's clock.</summary>
    public void DiskWasFull(DateTimeOffset from, DateTimeOffset to) => _windows.Add((from, to + _margin));

    public bool DiskExplains(LedgerEntry entry) =>
        IsOnSmallDisk(entry) && _windows.Exists(window => entry.BeganAt <= window.To && entry.LastAt >= window.From);

    /// <param name="entry">What is lost.</param>
    /// <param name="reason">As the row has it (fleet.v1.UtteranceLost.Reason); 0 where it does not say.</param>
    public bool Explains(LedgerEntry entry, int reason) =>
        (reason is 0 or StoredRow.LostDisk && DiskExplains(entry)) || (reason is 0 or StoredRow.LostSpoolFull && hasSmallSpool && IsOnSmallDisk(entry));

    private bool IsOnSmallDisk(LedgerEntry entry) => entry.DeviceId.StartsWith(smallDiskDevices + "-", StringComparison.Ordinal);
}
