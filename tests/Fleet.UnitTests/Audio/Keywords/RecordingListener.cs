using Fleet.Audio.Keywords;

namespace Fleet.UnitTests.Audio.Keywords;

/// <summary>Remembers what it hears.</summary>
internal sealed class RecordingListener : IKeywordListener, IKeywordSpotterListener
{
    public List<(long End, float[] Scores)> Scores { get; } = [];

    public List<KeywordDetection> Detections { get; } = [];

    public List<KeywordDetection> NearMisses { get; } = [];

    public List<(string ModelId, string Reason)> Faults { get; } = [];

    /// <summary>Null: it works again.</summary>
    public List<string?> Troubles { get; } = [];

    public void OnScores(long endSample, ReadOnlySpan<float> scores) => Scores.Add((endSample, scores.ToArray()));

    public void OnScores(IKeywordModel model, long endSample, ReadOnlySpan<float> scores) => OnScores(endSample, scores);

    public void OnDetection(KeywordDetection detection) => Detections.Add(detection);

    public void OnNearMiss(KeywordDetection nearMiss) => NearMisses.Add(nearMiss);

    public void OnFault(string modelId, string reason) => Faults.Add((modelId, reason));

    public void OnTrouble(string? reason) => Troubles.Add(reason);

    public void OnTrouble(string modelId, string? reason) => Troubles.Add(reason);
}
