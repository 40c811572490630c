using Fleet.Audio.Keywords;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>What a model makes of one recording, as a device's stream would.</summary>
/// <param name="Row">Its line in the table.</param>
/// <param name="Scores">Of each look.</param>
/// <param name="Peak">The highest one while the keyword was due; of a recording without times, the highest of all.</param>
/// <param name="Detections">Within that time: keywords that were heard.</param>
/// <param name="Seconds">Length of the recording.</param>
internal sealed record ClipScores(ClipRow Row, float[] Scores, float Peak, int Detections, double Seconds)
{
    // A recording that begins with the word has no room before it, as a microphone has; and the model is sure a little after the end.
    private const int QuietSamples = 3 * Wave16.RateHz / 2;

    // A score that comes later than this is about something else.
    private static readonly TimeSpan _latest = TimeSpan.FromSeconds(1);

    public static ClipScores Of(ClipRow row, short[] samples, IKeywordModel model)
    {
        var looks = new Looks(
            row.Start is { } start ? QuietSamples + (long)(start.TotalSeconds * Wave16.RateHz) : 0,
            row.End is { } end ? QuietSamples + (long)((end + _latest).TotalSeconds * Wave16.RateHz) : long.MaxValue);
        using var stream = model.CreateStream(new KeywordStreamOptions(), looks);
        stream.Push(new short[QuietSamples]);
        stream.Push(samples);
        stream.Push(new short[QuietSamples]);
        stream.Flush();
        return new ClipScores(row, [.. looks.Scores], looks.Peak, looks.Detections, (double)samples.Length / Wave16.RateHz);
    }

    private sealed class Looks(long from, long to) : IKeywordListener
    {
        public List<float> Scores { get; } = [];

        public float Peak { get; private set; }

        public int Detections { get; private set; }

        public void OnScores(long endSample, ReadOnlySpan<float> scores)
        {
            var highest = scores[0];
            foreach (var score in scores)
            {
                highest = Math.Max(highest, score);
            }

            Scores.Add(highest);
            if (endSample >= from && endSample <= to)
            {
                Peak = Math.Max(Peak, highest);
            }
        }

        public void OnDetection(KeywordDetection detection) => Detections += detection.NoticedAt >= from && detection.NoticedAt <= to ? 1 : 0;

        public void OnNearMiss(KeywordDetection nearMiss)
        {
            // The scores tell.
        }
    }
}
