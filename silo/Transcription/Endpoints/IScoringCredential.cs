namespace Fleet.Silo.Transcription;

/// <summary>What an endpoint is shown as Bearer.</summary>
internal interface IScoringCredential
{
    /// <summary>Where it comes from, for people who are to mend it.</summary>
    string Source { get; }

    /// <summary>Empty = none is sent.</summary>
    ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>Another one than the endpoint refused, if there is one.</summary>
    ValueTask<string?> ReplaceAsync(string refused, CancellationToken cancellationToken);
}
