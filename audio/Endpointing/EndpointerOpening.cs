namespace Fleet.Audio;

/// <summary>Utterances that something else than speech starts: a keyword, or somebody far away.</summary>
public sealed record EndpointerOpening
{
    /// <summary>How far back an utterance may start.</summary>
    public TimeSpan Reach { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long nobody may speak before it ends.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(4);
}
