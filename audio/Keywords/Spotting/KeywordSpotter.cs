namespace Fleet.Audio.Keywords;

/// <summary>
/// Listens to one stream of sound for the keywords of any number of models: only while somebody may be speaking, with a second opinion where there is
/// one. Models can be exchanged while it listens: the new ones hear the last seconds, too. Not thread safe.
/// </summary>
public sealed class KeywordSpotter : IDisposable
{
    private const int SampleRateHz = SpeechEmbedding.SampleRateHz;

    // What a model must have heard before a word to know it: its window and the embedding's.
    private const int LeadSamples = 5 * SampleRateHz / 2;

    // Speech that pauses goes on; the detector's doubt at the end of a word must not close the ears.
    private const int OpenSamples = SampleRateHz;

    private readonly KeywordSpotterOptions _options;
    private readonly IKeywordSpotterListener _listener;
    private readonly SampleRing _ring = new(LeadSamples + (2 * SampleRateHz));
    private readonly SecondOpinion _second;
    private readonly Dictionary<string, long> _quietUntil = new(StringComparer.Ordinal);
    private List<SpottingStream> _streams = [];
    private long _fed;
    private long _openUntil;

    /// <summary>Starts to listen; models and second stage stay the caller's to dispose of.</summary>
    /// <exception cref="KeywordModelException">An engine cannot be started.</exception>
    public KeywordSpotter(
        IReadOnlyList<IKeywordModel> models, KeywordSpotterOptions options, IKeywordSpotterListener listener, IKeywordSecondStage? secondStage = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(listener);
        (_options, _listener) = (options, listener);
        _second = new SecondOpinion(secondStage, options.AgreeWithin, _ring, listener);
        _streams = Open(models);
    }

    /// <summary>Samples pushed so far.</summary>
    public long Position => _ring.End;

    /// <summary>Takes the next samples, at most a tenth of a second, with the probability that somebody speaks in them.</summary>
    public void Push(ReadOnlySpan<short> samples, float speechProbability)
    {
        _ring.Append(samples);
        if (!_options.SpeechOnly || speechProbability >= _options.SpeechProbability)
        {
            _openUntil = Position + OpenSamples;
        }

        if (Position <= _openUntil)
        {
            Feed();
        }

        _second.Look();
    }

    /// <summary>The next samples belong to an utterance: they are kept in mind, and no keyword is looked for in them.</summary>
    public void PassOver(ReadOnlySpan<short> samples)
    {
        _ring.Append(samples);
        _fed = Position;
        _openUntil = 0;
        foreach (var stream in _streams)
        {
            stream.IsStale = true;
        }
    }

    /// <summary>The source is over: what comes next does not follow on what came before.</summary>
    public void EndOfSource()
    {
        foreach (var stream in _streams)
        {
            stream.Flush();
            stream.IsStale = true;
        }

        _second.Look();
        _second.GiveUp();
        (_fed, _openUntil) = (Position, 0);
    }

    /// <summary>Other models from now on. They hear the last seconds first, so that a word that is being spoken is not lost.</summary>
    /// <exception cref="KeywordModelException">An engine cannot be started; the models are those from before.</exception>
    public void Exchange(IReadOnlyList<IKeywordModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var streams = Open(models);
        var old = _streams;
        _streams = streams;
        old.ForEach(static stream => stream.Dispose());

        // What the old ones have reported already is kept quiet about by the refractory times, which are the spotter's own.
        _fed = Math.Max(_ring.Start, _fed - LeadSamples);
    }

    /// <inheritdoc/>
    public void Dispose() => _streams.ForEach(static stream => stream.Dispose());

    internal void OnDetection(IKeywordModel model, KeywordDetection detection)
    {
        var description = model.Description;
        if (_quietUntil.TryGetValue(detection.Keyword, out var quiet) && detection.EndSample < quiet)
        {
            return;
        }

        _quietUntil[detection.Keyword] = detection.EndSample + (description.RefractoryMs * SampleRateHz / 1_000L);
        _second.Ask(description.SecondStagePhrase ?? detection.Keyword, detection);
    }

    private void Feed()
    {
        var from = Math.Max(_fed, Math.Max(_ring.Start, Position - LeadSamples));
        var skipped = from > _fed;
        _fed = Position;
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            var stream = _streams[i];
            try
            {
                stream.Feed(_ring, from, skipped);
            }
            catch (KeywordModelException ex)
            {
                _streams.RemoveAt(i);
                stream.Dispose();
                stream.TellFault(ex.Message);
            }
        }
    }

    /// <summary>Embedding models share their embedding; each other model has a stream of its own.</summary>
    private List<SpottingStream> Open(IReadOnlyList<IKeywordModel> models)
    {
        var streams = new List<SpottingStream>();
        try
        {
            foreach (var group in models.GroupBy(static model => model is EmbeddingKeywordModel { Embedding: var shared } ? (object)shared : model))
            {
                streams.Add(new SpottingStream(this, _listener, [.. group], _options.Stream));
            }

            return streams;
        }
        catch
        {
            streams.ForEach(static stream => stream.Dispose());
            throw;
        }
    }
}
