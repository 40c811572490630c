namespace Fleet.Scoring.Decoding;

/// <summary>The order of the queue: by when a recording is due, and those that are due at the same time as they came.</summary>
/// <param name="DueMilliseconds">On the clock of the queue.</param>
/// <param name="Number">Counts all recordings.</param>
internal readonly record struct QueuePlace(long DueMilliseconds, long Number) : IComparable<QueuePlace>
{
    public int CompareTo(QueuePlace other) =>
        DueMilliseconds != other.DueMilliseconds ? DueMilliseconds.CompareTo(other.DueMilliseconds) : Number.CompareTo(other.Number);
}
