namespace Fleet.Audio.Keywords;

/// <summary>Asks the second stage about detections, now and as long as it may still agree. Not thread safe.</summary>
internal sealed class SecondOpinion(IKeywordSecondStage? stage, TimeSpan agreeWithin, SampleRing ring, IKeywordSpotterListener listener)
{
    private const int SampleRateHz = SpeechEmbedding.SampleRateHz;

    // What it hears of before the keyword's end: the word and a little of what leads to it.
    private const int BeforeSamples = 3 * SampleRateHz / 2;

    // Asking takes some 60 ms of work: at once, and then only a few times.
    private const int AgainSamples = SampleRateHz / 2;

    private readonly long _agreeSamples = (long)(agreeWithin.TotalSeconds * SampleRateHz);
    private (string Phrase, KeywordDetection Detection, long AskAt)? _open;

    public void Ask(string phrase, KeywordDetection detection)
    {
        if (stage is null || !stage.Knows(phrase))
        {
            listener.OnDetection(detection);
            return;
        }

        _open ??= (phrase, detection, 0);
    }

    /// <summary>Time has passed.</summary>
    public void Look()
    {
        if (_open is not var (phrase, detection, askAt) || stage is null || ring.End < askAt)
        {
            return;
        }

        if (stage.Hears(phrase, Sound(detection)))
        {
            _open = null;
            listener.OnDetection(detection);
        }
        else if (ring.End >= detection.NoticedAt + _agreeSamples)
        {
            GiveUp();
        }
        else
        {
            _open = (phrase, detection, Math.Min(ring.End + AgainSamples, detection.NoticedAt + _agreeSamples));
        }
    }

    /// <summary>It has not agreed and will not any more.</summary>
    public void GiveUp()
    {
        if (_open is var (_, detection, _))
        {
            _open = null;
            listener.OnNearMiss(detection);
        }
    }

    private short[] Sound(KeywordDetection detection)
    {
        var from = Math.Max(ring.Start, detection.EndSample - BeforeSamples);
        var samples = new short[Math.Max(0, ring.End - from)];
        for (var at = 0; at < samples.Length;)
        {
            var part = ring.From(from + at);
            part.CopyTo(samples.AsSpan(at));
            at += part.Length;
        }

        return samples;
    }
}
