namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>What the options say about this engine.</summary>
internal sealed record Wav2Vec2Settings
{
    public required string ModelFolder { get; init; }

    /// <summary>Threads that compute one batch.</summary>
    public int Threads { get; init; } = 1;

    public int MaxBatch { get; init; } = 8;

    /// <summary>Recordings are padded to a multiple of so many samples; 0: only equally long ones go together.</summary>
    public int BucketSamples { get; init; } = 3_200;

    /// <summary>1: the best token of each frame.</summary>
    public int BeamWidth { get; init; } = 1;

    /// <summary>Other texts than the best one, of a search with more than one beam.</summary>
    public int Alternatives { get; init; } = 3;

    /// <summary>Null: as the model's preprocessor_config.json says.</summary>
    public bool? AttentionMask { get; init; }
}
