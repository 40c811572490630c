namespace Fleet.Audio;

/// <summary>Why an utterance ended.</summary>
public enum EndpointReason
{
    /// <summary>Nobody spoke for <see cref="EndpointerOptions.EndAfterSilence"/>.</summary>
    Silence,

    /// <summary>The utterance reached <see cref="EndpointerOptions.MaxUtterance"/>; speech may go on in the next one.</summary>
    MaxLength,

    /// <summary>The source of audio is over.</summary>
    SourceEnded,

    /// <summary>The caller ended it: the agent stops, is muted, or a button was released.</summary>
    Stopped,
}
