namespace Fleet.Chaos.Running;

/// <summary>How long nobody got an ack around each kind of fault. The moment of an ack is that of its commit, as the database wrote it.</summary>
internal static class AckGaps
{
    // What a fault breaks comes back a moment after it is over.
    private static readonly TimeSpan _after = TimeSpan.FromSeconds(10);

    /// <summary>By the fault's name: the longest time between two acks, one of which fell into the fault or the ten seconds after it.</summary>
    /// <param name="acks">When utterances were stored, in any order.</param>
    /// <param name="faults">When faults hit.</param>
    public static IReadOnlyDictionary<string, TimeSpan> Longest(IReadOnlyCollection<DateTimeOffset> acks, IEnumerable<FaultSpan> faults)
    {
        ArgumentNullException.ThrowIfNull(acks);
        ArgumentNullException.ThrowIfNull(faults);
        var ordered = acks.Order().ToList();
        Dictionary<string, TimeSpan> longest = [];
        foreach (var fault in faults)
        {
            for (var i = 1; i < ordered.Count; i++)
            {
                var gap = ordered[i] - ordered[i - 1];
                if (ordered[i] >= fault.From && ordered[i - 1] <= fault.To + _after && gap > longest.GetValueOrDefault(fault.Name))
                {
                    longest[fault.Name] = gap;
                }
            }
        }

        return longest;
    }
}
