using Fleet.Audio;
using Fleet.Audio.Keywords;
using Fleet.DeviceAgent.Endpointing;

namespace Fleet.DeviceAgent.Keywords;

/// <summary>An utterance is what somebody says after a keyword (<c>--keyword</c>).</summary>
internal sealed class KeywordSegmenter : ISegmenter, IKeywordSpotterListener
{
    private const int SampleRateHz = 16_000;
    private const int PieceSamples = 1_280;

    // With the keyword: it and a little of what was before it.
    private const long KeywordSamples = 5 * SampleRateHz / 4;

    // Kept before the keyword's end, to be heard: so that nothing of the first word is lost where the cut is wrong.
    private const long KeptSamples = SampleRateHz / 2;

    private readonly KeywordOptions _options;
    private readonly KeywordModels _models;
    private readonly IVadStream _vad;
    private readonly IKeywordSecondStage? _second;
    private readonly UtteranceRecorder _recorder;
    private readonly KeywordWatch _watch;
    private readonly Endpointer _endpointer;
    private KeywordModelSet? _set;
    private KeywordSpotter? _spotter;
    private KeywordDetection? _waiting;

    public KeywordSegmenter(
        KeywordOptions options, EndpointerOptions endpointing, KeywordModels models, IVadStream vad, IKeywordSecondStage? second,
        UtteranceRecorder recorder, KeywordWatch watch)
    {
        (_options, _models, _vad, _second, _recorder, _watch) = (options, models, vad, second, recorder, watch);
        _endpointer = new Endpointer(endpointing, vad, recorder, new EndpointerOpening { Wait = options.Wait });
        TakeModels();
    }

    public long Position => _endpointer.Position;

    public void Push(ReadOnlySpan<short> pcm16k)
    {
        while (!pcm16k.IsEmpty)
        {
            var piece = pcm16k[..Math.Min(pcm16k.Length, PieceSamples)];
            pcm16k = pcm16k[piece.Length..];
            Take(piece);
        }
    }

    public void EndOfSource()
    {
        _spotter?.EndOfSource();
        if (_waiting is { } detection)
        {
            Open(detection);
        }

        _endpointer.EndOfSource();
    }

    public void Stop() => _endpointer.Flush(EndpointReason.Stopped);

    public void Dispose()
    {
        _spotter?.Dispose();
        _second?.Dispose();
        _set?.Release();
        _vad.Dispose();
    }

    public void OnScores(IKeywordModel model, long endSample, ReadOnlySpan<float> scores)
    {
    }

    public void OnDetection(KeywordDetection detection) => _waiting ??= detection;

    public void OnNearMiss(KeywordDetection nearMiss) =>
        _watch.OnNearMiss(nearMiss, _endpointer.History(nearMiss.NoticedAt - KeywordWatch.NearMissSamples, _endpointer.Position));

    public void OnFault(string modelId, string reason) => _watch.OnFault(modelId, reason);

    public void OnTrouble(string modelId, string? reason) => _watch.OnTrouble(modelId, reason);

    private void Take(ReadOnlySpan<short> piece)
    {
        if (!ReferenceEquals(_models.Current, _set))
        {
            TakeModels();
        }

        var wasOpen = _endpointer.InUtterance;
        _endpointer.Push(piece);
        var probability = _endpointer.TakeSpeechProbability();
        if (wasOpen || _waiting is not null)
        {
            _spotter?.PassOver(piece);
        }
        else
        {
            _spotter?.Push(piece, probability);
        }

        if (_waiting is { } detection && Position >= detection.EndSample + KeywordCut.AfterSamples)
        {
            Open(detection);
        }
    }

    private void Open(KeywordDetection detection)
    {
        _waiting = null;
        _watch.OnWake(detection, Position);
        var from = detection.EndSample - KeywordCut.BeforeSamples;
        var cut = Math.Max(0, from) + KeywordCut.Find(_endpointer.History(Math.Max(0, from), detection.EndSample + KeywordCut.AfterSamples));
        var first = detection.EndSample - (_options.IncludeKeyword ? KeywordSamples : KeptSamples);
        _recorder.Wake = new Wake(detection.Keyword, detection.Score, detection.ModelId, SpeechFrom: _options.IncludeKeyword ? first : cut);
        _endpointer.Open(first);
    }

    /// <summary>Other models were loaded, or none could be: the sound goes on in any case.</summary>
    private void TakeModels()
    {
        var set = _models.Take();
        try
        {
            if (_spotter is null)
            {
                _spotter = CreateSpotter(set.Models);
            }
            else
            {
                _spotter.Exchange(set.Models);
            }
        }
        catch (KeywordModelException ex)
        {
            _watch.OnFault("?", ex.Message);
        }

        _set?.Release();
        _set = set;
        _watch.OnModels(set);
    }

    private KeywordSpotter CreateSpotter(IReadOnlyList<IKeywordModel> models) =>
        new(
            models,
            new KeywordSpotterOptions { Stream = new KeywordStreamOptions { Threshold = _options.Threshold, StepsPerCall = _options.StepsPerCall } },
            this,
            _second);
}
