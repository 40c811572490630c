using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio.Keywords;

/// <summary>One or several embedding models over one stream: the embedding, which is most of the work, is made once for all.</summary>
internal sealed class EmbeddingKeywordStream : IKeywordStream
{
    private readonly SpeechEmbeddingStream _embedding;
    private readonly List<Look> _looks;

    public EmbeddingKeywordStream(
        SpeechEmbedding embedding, IReadOnlyList<(EmbeddingKeywordModel Model, IKeywordListener Listener)> models, KeywordStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _looks = [.. models.Select(model => new Look(model.Model, model.Model.CreateDecider(options, model.Listener)))];
        _embedding = embedding.CreateStream(Take, options.StepsPerCall);
        Reset();
    }

    public long Position => _embedding.Position;

    public void Push(ReadOnlySpan<short> samples)
    {
        try
        {
            _embedding.Push(samples);
            Decide();
        }
        catch (OnnxRuntimeException ex)
        {
            throw new KeywordModelException($"A keyword head failed: {ex.Message}", ex);
        }
    }

    public void Flush()
    {
        _embedding.Flush();
        Decide();
    }

    public void Reset()
    {
        _embedding.Reset();
        foreach (var look in _looks)
        {
            look.Reset(_embedding.Owner.Idle);
        }
    }

    public void Dispose() => _embedding.Dispose();

    private void Take(long endSample, ReadOnlySpan<float> embedding)
    {
        foreach (var look in _looks)
        {
            look.Add(endSample, embedding);
        }
    }

    private void Decide()
    {
        foreach (var look in _looks)
        {
            look.Decide();
        }
    }

    /// <summary>A model's view of the last embeddings.</summary>
    private sealed class Look(EmbeddingKeywordModel model, KeywordDecider decider)
    {
        private readonly float[] _embeddings = new float[(model.WindowSteps - 1 + SpeechEmbedding.MaxStepsPerCall) * SpeechEmbedding.Size];
        private readonly float[] _scores = new float[SpeechEmbedding.MaxStepsPerCall * model.Description.Labels.Count];
        private readonly long[] _ends = new long[SpeechEmbedding.MaxStepsPerCall];
        private int _waiting;

        public void Add(long endSample, ReadOnlySpan<float> embedding)
        {
            if (_waiting == SpeechEmbedding.MaxStepsPerCall)
            {
                Decide();
            }

            _ends[_waiting] = endSample;
            embedding.CopyTo(_embeddings.AsSpan((model.WindowSteps - 1 + _waiting) * SpeechEmbedding.Size));
            _waiting++;
        }

        public void Decide()
        {
            if (_waiting == 0)
            {
                return;
            }

            var (waiting, labels) = (_waiting, model.Description.Labels.Count);
            _waiting = 0;
            model.Score(_embeddings, waiting, _scores.AsSpan(0, waiting * labels));
            _embeddings.AsSpan(waiting * SpeechEmbedding.Size, (model.WindowSteps - 1) * SpeechEmbedding.Size).CopyTo(_embeddings);
            for (var look = 0; look < waiting; look++)
            {
                decider.Take(_ends[look], _scores.AsSpan(look * labels, labels));
            }
        }

        public void Reset(ReadOnlySpan<float> idle)
        {
            _waiting = 0;
            for (var step = 0; step < model.WindowSteps - 1; step++)
            {
                idle.CopyTo(_embeddings.AsSpan(step * SpeechEmbedding.Size));
            }

            decider.Reset();
        }
    }
}
