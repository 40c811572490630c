namespace Fleet.Benchmarks.Ingest;

/// <summary>What an outage of the database did to the silo and to what was said meanwhile.</summary>
internal sealed record OutageResult(IReadOnlyList<MemorySample> Samples, long Spoken, StoredRows Stored, DevicesReport Devices, TimeSpan? Recovery)
{
    /// <summary>Everything that was spoken is there once.</summary>
    public bool IsComplete => Stored.Rows == Spoken && Stored.DifferentNumbers == Spoken;

    /// <summary>The samples that tell the story.</summary>
    public IEnumerable<(string Name, MemorySample Sample)> Moments()
    {
        if (Samples.Count == 0)
        {
            yield break;
        }

        if (Samples.LastOrDefault(static sample => sample.Phase == OutagePhase.Before) is { } before)
        {
            yield return ("before", before);
        }

        if (Samples.LastOrDefault(static sample => sample.Phase == OutagePhase.Away) is { } away)
        {
            yield return ("at its end", away);
        }

        yield return ("most", Samples.MaxBy(static sample => sample.SiloMiB)!); // there is one
        if (Samples.LastOrDefault(static sample => sample.Phase == OutagePhase.Recovery) is { } recovered)
        {
            yield return ("backlog stored", recovered);
        }

        yield return ("at the end", Samples[^1]);
    }
}
