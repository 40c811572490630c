namespace Fleet.Audio.Keywords;

/// <summary>Hears of what a <see cref="KeywordSpotter"/> heard; positions are those of the whole stream of sound.</summary>
public interface IKeywordSpotterListener
{
    /// <summary>One look of one model.</summary>
    void OnScores(IKeywordModel model, long endSample, ReadOnlySpan<float> scores);

    /// <summary>A keyword was spoken, and the second recogniser, if there is one, agrees.</summary>
    void OnDetection(KeywordDetection detection);

    /// <summary>Something came near a keyword, or the second recogniser did not agree.</summary>
    void OnNearMiss(KeywordDetection nearMiss);

    /// <summary>A model failed and is not asked any more; the others go on.</summary>
    void OnFault(string modelId, string reason);

    /// <summary>A model's engine does not work, and is being started again; null: it works again.</summary>
    void OnTrouble(string modelId, string? reason);
}
