namespace Fleet.Audio.Keywords;

/// <summary>
/// One stream of sound to a runner. A runner that hangs, dies or answers nonsense is ended, and started again beside the stream, at first at once and then
/// less and less often; the sound meanwhile is not looked at. Time between starts is counted in sound.
/// </summary>
internal sealed class EimKeywordStream : IKeywordStream
{
    private const long FirstPause = SpeechEmbedding.SampleRateHz;
    private const long LongestPause = 60L * SpeechEmbedding.SampleRateHz;

    // A run that did well for so long starts anew at once.
    private const long GoodRun = 60L * SpeechEmbedding.SampleRateHz;

    private readonly EimKeywordModel _model;
    private readonly KeywordDecider _decider;
    private readonly IKeywordListener _listener;
    private readonly SlidingWindow _window;
    private readonly float[] _scores;
    private EimStart? _starting;
    private EimRunner? _runner;
    private bool _isTroubled;
    private int _failures;
    private long _startedAt;
    private long _startAgainAt;

    public EimKeywordStream(EimKeywordModel model, KeywordDecider decider, IKeywordListener listener)
    {
        (_model, _decider, _listener) = (model, decider, listener);
        _scores = new float[model.Hello.Labels.Count];
        _window = new SlidingWindow(model.IsContinuous ? model.StrideSamples : model.Hello.FeatureCount, model.StrideSamples);
        _runner = model.TakeFirst();
    }

    public long Position => _window.Position;

    public void Push(ReadOnlySpan<short> samples)
    {
        while (_window.Take(ref samples))
        {
            if (!IsReady())
            {
                continue;
            }

            try
            {
                _runner!.Classify(_window.Samples, _model.IsContinuous, _scores);
            }
            catch (KeywordModelException ex)
            {
                Fail(ex.Message);
                continue;
            }

            if (_isTroubled)
            {
                _isTroubled = false;
                _listener.OnTrouble(null);
            }

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
        _runner?.Dispose();
        _starting?.Dispose();
        (_runner, _starting) = (null, null);
        _startAgainAt = long.MaxValue;
    }

    /// <summary>There is a runner; else one is being started when it is time to.</summary>
    private bool IsReady()
    {
        if (_runner is not null)
        {
            return true;
        }

        if (_starting is null && Position >= _startAgainAt)
        {
            _starting = new EimStart(_model);
        }

        if (_starting is not { IsOver: true } start)
        {
            return false;
        }

        _starting = null;
        if (start.Take() is not { } runner)
        {
            Fail(start.Fault);
            return false;
        }

        (_runner, _startedAt) = (runner, Position);
        _decider.Reset();
        return true;
    }

    private void Fail(string reason)
    {
        _failures = _runner is not null && Position - _startedAt >= GoodRun ? 0 : _failures + 1;
        _runner?.Dispose();
        _runner = null;
        _startAgainAt = Position + (_failures <= 1 ? 0 : Math.Min(LongestPause, FirstPause << Math.Min(_failures - 2, 10)));
        _isTroubled = true;
        _listener.OnTrouble(reason);
    }
}
