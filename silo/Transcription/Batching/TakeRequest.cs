namespace Fleet.Silo.Transcription;

/// <summary>What a deployment could take now.</summary>
/// <param name="Deployment">Its name.</param>
/// <param name="Bounds">Of one batch.</param>
/// <param name="Format">Of its bodies.</param>
/// <param name="Cost">What its calls cost.</param>
internal readonly record struct TakeRequest(string Deployment, BatchBounds Bounds, ScoringFormat Format, CostModel Cost)
{
    /// <summary>Calls that could begin now: what waits is shared among them.</summary>
    public int FreePlaces { get; init; } = 1;

    /// <summary>Only a batch that would not grow by waiting.</summary>
    public bool FullOnly { get; init; }

    /// <summary>Not one of which all were sent before: no extra call may be made.</summary>
    public bool NeedsFresh { get; init; }
}
