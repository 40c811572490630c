namespace Fleet.Audio.Keywords;

/// <summary>Looks at the last window at each slice, once there is a whole window.</summary>
internal sealed class MfccKeywordStream : IKeywordStream
{
    private readonly MfccKeywordModel _model;
    private readonly MfccExtractor _extractor;
    private readonly KeywordDecider _decider;
    private readonly SlidingWindow _window;
    private readonly float[] _features;
    private readonly float[] _scores;

    public MfccKeywordStream(MfccKeywordModel model, MfccExtractor extractor, KeywordDecider decider)
    {
        (_model, _extractor, _decider) = (model, extractor, decider);
        _features = new float[extractor.FeatureCount];
        _scores = new float[model.Description.Labels.Count];
        _window = new SlidingWindow(extractor.WindowSamples, model.StrideMs * SpeechEmbedding.SampleRateHz / 1_000);
    }

    public long Position => _window.Position;

    public void Push(ReadOnlySpan<short> samples)
    {
        while (_window.Take(ref samples))
        {
            _extractor.Extract(_window.Samples, _features);
            _model.Classify(_features, _scores);
            _decider.Take(_window.Position, _scores);
        }
    }

    public void Flush()
    {
    }

    public void Reset()
    {
        _window.Reset();
        _decider.Reset();
    }

    public void Dispose()
    {
    }
}
