namespace Fleet.Audio.Keywords;

/// <summary>Another recogniser that must hear a keyword, too. Not thread safe.</summary>
public interface IKeywordSecondStage : IDisposable
{
    /// <summary>Whether it can be asked about this phrase: it knows the words.</summary>
    bool Knows(string phrase);

    /// <summary>Whether the phrase is spoken in these samples.</summary>
    bool Hears(string phrase, ReadOnlySpan<short> samples);
}
