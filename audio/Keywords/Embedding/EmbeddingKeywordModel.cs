
namespace Fleet.Audio.Keywords;

/// <summary>Small heads on the speech embedding, averaged and calibrated; openWakeWord's heads run as they are.</summary>
internal sealed class EmbeddingKeywordModel : IKeywordModel
{
    // As openWakeWord does: until then a head hears mostly what was before the first sound.
    private const int DefaultWarmUp = 5;

    private readonly List<EmbeddingHead> _heads;

    private EmbeddingKeywordModel(KeywordModelDescription description, SpeechEmbedding embedding, List<EmbeddingHead> heads) =>
        (Description, Embedding, _heads) = (description, embedding, heads);

    public KeywordModelDescription Description { get; }

    public IReadOnlyList<string> Keywords => Description.KeywordLabels;

    /// <summary>Shared by all models; its owner disposes of it.</summary>
    public SpeechEmbedding Embedding { get; }

    public int WindowSteps => _heads[0].WindowSteps;

    public static EmbeddingKeywordModel Load(KeywordModelFolder folder, SpeechEmbedding embedding)
    {
        var description = folder.Description;
        var heads = new List<EmbeddingHead>();
        try
        {
            foreach (var file in description.Files)
            {
                var path = folder.PathOf(file);
                heads.Add(EmbeddingHead.Open(folder.ReadFile(file), path, description.Labels.Count));
                var steps = description.WindowMs / SpeechEmbeddingMs ?? heads[0].WindowSteps;
                if (heads[^1].WindowSteps != steps)
                {
                    throw new KeywordModelException(
                        $"The head '{path}' looks at {heads[^1].WindowSteps} embeddings ({heads[^1].WindowSteps * SpeechEmbeddingMs} ms), but " +
                        $"{steps} are meant: set 'window_ms' to what all heads take, or leave out the head.");
                }
            }

            KeywordDecider.KeywordsOf(description, description.Labels);
            return new EmbeddingKeywordModel(description, embedding, heads);
        }
        catch
        {
            heads.ForEach(static head => head.Dispose());
            throw;
        }
    }

    public IKeywordStream CreateStream(KeywordStreamOptions options, IKeywordListener listener) => new EmbeddingKeywordStream(Embedding, [(this, listener)], options);

    /// <summary>The mean of the heads over windows that follow on each other by one embedding each.</summary>
    /// <param name="embeddings">WindowSteps - 1 + looks embeddings.</param>
    /// <param name="looks">Windows.</param>
    /// <param name="scores">looks x labels.</param>
    public void Score(ReadOnlySpan<float> embeddings, int looks, Span<float> scores)
    {
        scores.Clear();
        foreach (var head in _heads)
        {
            head.AddScores(embeddings, looks, scores);
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] /= _heads.Count;
        }
    }

    public KeywordDecider CreateDecider(KeywordStreamOptions options, IKeywordListener listener) =>
        new(Description, Description.Labels, SpeechEmbeddingMs, Description.WarmUp ?? DefaultWarmUp, options, listener);

    public void Dispose() => _heads.ForEach(static head => head.Dispose());

    private const int SpeechEmbeddingMs = 1_000 * SpeechEmbedding.StepSamples / SpeechEmbedding.SampleRateHz;
}
