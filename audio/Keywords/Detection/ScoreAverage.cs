namespace Fleet.Audio.Keywords;

/// <summary>The mean of the last looks, label by label; until there are enough, of nothing for the missing ones.</summary>
internal sealed class ScoreAverage(int labels, int looks)
{
    private readonly float[] _scores = new float[labels * looks];
    private int _next;

    public int Labels => labels;

    public void Add(ReadOnlySpan<float> scores)
    {
        scores.CopyTo(_scores.AsSpan(_next * labels, labels));
        _next = (_next + 1) % looks;
    }

    public float Of(int label)
    {
        var sum = 0f;
        for (var look = 0; look < looks; look++)
        {
            sum += _scores[(look * labels) + label];
        }

        return sum / looks;
    }

    public void Reset() => Array.Clear(_scores);
}
