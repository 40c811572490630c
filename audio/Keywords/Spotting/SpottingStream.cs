namespace Fleet.Audio.Keywords;

/// <summary>One engine of a spotter: tells where in the whole stream of sound its detections are, though it does not hear all of it.</summary>
internal sealed class SpottingStream : IDisposable
{
    private readonly IKeywordSpotterListener _listener;
    private readonly IReadOnlyList<IKeywordModel> _models;
    private readonly IKeywordStream _stream;

    // Position in the sound less position in the engine's stream.
    private long _offset;

    public SpottingStream(KeywordSpotter spotter, IKeywordSpotterListener listener, IReadOnlyList<IKeywordModel> models, KeywordStreamOptions options)
    {
        (_listener, _models) = (listener, models);
        _stream = models is [EmbeddingKeywordModel first, ..]
            ? new EmbeddingKeywordStream(
                first.Embedding,
                [.. models.Select(model => ((EmbeddingKeywordModel)model, (IKeywordListener)new Placed(this, spotter, listener, model)))],
                options)
            : models[0].CreateStream(options, new Placed(this, spotter, listener, models[0]));
    }

    /// <summary>What comes next does not follow on what it heard last.</summary>
    public bool IsStale { get; set; }

    public void Feed(SampleRing ring, long from, bool skipped)
    {
        if (skipped || IsStale)
        {
            _stream.Reset();
            IsStale = false;
        }

        _offset = from - _stream.Position;
        while (from < ring.End)
        {
            var part = ring.From(from);
            _stream.Push(part);
            from += part.Length;
        }
    }

    public void Flush()
    {
        try
        {
            _stream.Flush();
        }
        catch (KeywordModelException)
        {
            // The next push fails the same way and is told of.
        }
    }

    public void TellFault(string reason)
    {
        foreach (var model in _models)
        {
            _listener.OnFault(model.Description.Id, reason);
        }
    }

    public void Dispose() => _stream.Dispose();

    private sealed class Placed(SpottingStream stream, KeywordSpotter spotter, IKeywordSpotterListener listener, IKeywordModel model) : IKeywordListener
    {
        public void OnScores(long endSample, ReadOnlySpan<float> scores) => listener.OnScores(model, endSample + stream._offset, scores);

        public void OnDetection(KeywordDetection detection) => spotter.OnDetection(model, Place(detection));

        public void OnNearMiss(KeywordDetection nearMiss) => listener.OnNearMiss(Place(nearMiss));

        public void OnTrouble(string? reason) => listener.OnTrouble(model.Description.Id, reason);

        private KeywordDetection Place(KeywordDetection detection) => detection with
        {
            EndSample = detection.EndSample + stream._offset,
            NoticedAt = detection.NoticedAt + stream._offset,
        };
    }
}
