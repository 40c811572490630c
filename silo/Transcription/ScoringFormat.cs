namespace Fleet.Silo.Transcription;

/// <summary>Which body the scoring endpoint is sent.</summary>
internal enum ScoringFormat
{
    /// <summary>{"inputs":[{"id","sample_rate","audio"}]}: our scoring server, a seventh of the bytes.</summary>
    Batch,

    /// <summary>{"data":[…]}: an endpoint of the tutorial's kind, unmodified.</summary>
    Single,
}
