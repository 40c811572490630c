namespace Fleet.Scoring.Engines;

/// <summary>A way to turn speech into text, with one model. Thread safe.</summary>
internal interface ISpeechEngine : IDisposable
{
    /// <summary>As in the option Engine.</summary>
    string Name { get; }

    /// <summary>Which model it runs, such as "en-us".</summary>
    string ModelName { get; }

    /// <summary>Most recordings that it takes in one call.</summary>
    int MaxBatch { get; }

    /// <summary>A number that two recordings share when they may go in one call without changing each other's text.</summary>
    int BucketOf(int samples);

    /// <summary>Loads and warms up what one worker needs; takes seconds, and throws when it cannot.</summary>
    IRecogniser CreateRecogniser();
}
