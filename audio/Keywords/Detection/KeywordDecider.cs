namespace Fleet.Audio.Keywords;

/// <summary>Turns a model's looks into detections: moving average, threshold, patience, refractory time, near misses. Not thread safe.</summary>
internal sealed class KeywordDecider
{
    // A word is over by then: what came near the threshold and fell again was not it.
    private const long NearMissSamples = SpeechEmbedding.SampleRateHz;

    private readonly KeywordModelDescription _model;
    private readonly IReadOnlyList<string> _keywords;
    private readonly IKeywordListener _listener;
    private readonly ScoreAverage _average;
    private readonly PerformanceCalibrator? _calibrator;
    private readonly int[] _indices;
    private readonly KeywordState[] _states;
    private readonly float[] _scores;
    private readonly float[] _labelScores;
    private readonly double _threshold;
    private readonly double _nearMiss;
    private readonly int _warmUp;
    private int _looks;

    /// <param name="model">Threshold and so on.</param>
    /// <param name="labels">The classifier's outputs.</param>
    /// <param name="strideMs">From one look to the next.</param>
    /// <param name="warmUp">Looks that do not count.</param>
    /// <param name="options">What overrides the model.</param>
    /// <param name="listener">Hears of everything.</param>
    public KeywordDecider(
        KeywordModelDescription model, IReadOnlyList<string> labels, int strideMs, int warmUp, KeywordStreamOptions options, IKeywordListener listener)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(listener);
        (_model, _listener, _warmUp) = (model, listener, warmUp);
        _keywords = KeywordsOf(model, labels);
        _indices = [.. _keywords.Select(keyword => labels.ToList().IndexOf(keyword))];
        _states = [.. _keywords.Select(static _ => new KeywordState())];
        _scores = new float[_keywords.Count];
        _labelScores = new float[labels.Count];
        _calibrator = model.PerformanceCalibration is { } calibration ? new PerformanceCalibrator(calibration, labels, _keywords, strideMs) : null;
        _average = new ScoreAverage(labels.Count, _calibrator?.Looks ?? model.MovingAverage);
        _threshold = options.Threshold ?? model.PerformanceCalibration?.DetectionThreshold ?? model.Threshold;
        _nearMiss = _threshold * options.NearMissShare;
    }

    /// <summary>The labels of a classifier that are keywords.</summary>
    /// <exception cref="KeywordModelException">model.json names others.</exception>
    public static IReadOnlyList<string> KeywordsOf(KeywordModelDescription model, IReadOnlyList<string> labels) =>
        model.KeywordLabels.Except(labels).FirstOrDefault() is { } unknown
            ? throw new KeywordModelException(
                $"The keyword '{unknown}' of model '{model.Id}' is none of its classifier's labels ({string.Join(", ", labels)}): mend 'keywords'.")
            : model.KeywordLabels;

    public void Take(long endSample, ReadOnlySpan<float> labelScores)
    {
        labelScores.CopyTo(_labelScores);
        for (var i = 0; i < _labelScores.Length && _model.Calibration is not null; i++)
        {
            _labelScores[i] = _model.Calibration.Apply(_labelScores[i]);
        }

        if (_looks < _warmUp)
        {
            _looks++;
            Array.Clear(_labelScores);
        }

        _average.Add(_labelScores);
        for (var i = 0; i < _scores.Length; i++)
        {
            _scores[i] = _average.Of(_indices[i]);
        }

        _listener.OnScores(endSample, _scores);
        var allowed = _calibrator?.Next(_average, _threshold) ?? PerformanceCalibrator.Everything;
        for (var i = 0; i < _scores.Length; i++)
        {
            Decide(i, endSample, isAllowed: allowed == PerformanceCalibrator.Everything || allowed == _indices[i]);
        }
    }

    public void Reset()
    {
        _looks = 0;
        _average.Reset();
        _calibrator?.Reset();
        Array.ForEach(_states, static state => state.Reset());
    }

    private void Decide(int keyword, long endSample, bool isAllowed)
    {
        var (state, score) = (_states[keyword], _scores[keyword]);
        var isAbove = score >= _threshold && isAllowed;
        state.Above = isAbove ? state.Above + 1 : 0;
        if (endSample < state.QuietUntil)
        {
            return;
        }

        if (score >= _nearMiss && state.Peak == 0)
        {
            state.PeakSince = endSample;
        }

        state.Peak = score >= _nearMiss || state.Peak > 0 ? Math.Max(state.Peak, score) : 0;
        if (isAbove && state.Above >= (_calibrator is null ? _model.Patience : 1))
        {
            state.QuietUntil = endSample + (_calibrator is null ? Samples(_model.RefractoryMs) : 0);
            _listener.OnDetection(Detection(keyword, state.Peak, endSample));
            state.Peak = 0;
        }
        else if (state.Peak > 0 && endSample - state.PeakSince >= NearMissSamples)
        {
            _listener.OnNearMiss(Detection(keyword, state.Peak, endSample));
            state.Peak = 0;
        }
    }

    private KeywordDetection Detection(int keyword, float score, long endSample) =>
        new(_keywords[keyword], score, Math.Max(0, endSample - Samples(_model.DelayMs)), endSample, _model.Id);

    private static long Samples(int milliseconds) => milliseconds * SpeechEmbedding.SampleRateHz / 1_000L;

    private sealed class KeywordState
    {
        public int Above { get; set; }

        public float Peak { get; set; }

        public long PeakSince { get; set; }

        public long QuietUntil { get; set; }

        public void Reset() => (Above, Peak, PeakSince, QuietUntil) = (0, 0, 0, 0);
    }
}
