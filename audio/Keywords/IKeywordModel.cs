namespace Fleet.Audio.Keywords;

/// <summary>Spots one or more keywords, on any number of streams. Thread safe.</summary>
public interface IKeywordModel : IDisposable
{
    /// <summary>What model.json says of it.</summary>
    KeywordModelDescription Description { get; }

    /// <summary>The keywords that it spots, in the order of the scores.</summary>
    IReadOnlyList<string> Keywords { get; }

    /// <summary>Starts to listen to one stream of audio. Streams may run on different threads at the same time.</summary>
    /// <exception cref="KeywordModelException">The engine cannot be started.</exception>
    IKeywordStream CreateStream(KeywordStreamOptions options, IKeywordListener listener);
}
