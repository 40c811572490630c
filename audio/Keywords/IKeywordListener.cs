namespace Fleet.Audio.Keywords;

/// <summary>Hears of what a keyword model heard.</summary>
public interface IKeywordListener
{
    /// <summary>One look of the model: the score of each of its keywords, 0 to 1. What evaluation and <c>--check</c> show.</summary>
    /// <param name="endSample">Index of the sample after the last one that the model looked at.</param>
    /// <param name="scores">In the order of <see cref="IKeywordModel.Keywords"/>; valid during the call.</param>
    void OnScores(long endSample, ReadOnlySpan<float> scores);

    /// <summary>A keyword was spoken.</summary>
    void OnDetection(KeywordDetection detection);

    /// <summary>Something came near a keyword, but not up to the threshold.</summary>
    void OnNearMiss(KeywordDetection nearMiss);

    /// <summary>The engine does not work, and mends itself; null: it works again. The stream stays of use.</summary>
    void OnTrouble(string? reason)
    {
    }
}
