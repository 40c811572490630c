using Fleet.Audio.Keywords;
using Fleet.Cli.Keywords.Augmentation;

namespace Fleet.Cli.Keywords.Training;

/// <summary>Google's speech embedding: knows many speakers already, so that a small head learns from few and synthetic voices.</summary>
internal sealed class EmbeddingFeatures(SpeechEmbedding embedding) : IWindowFeatures
{
    // A head may answer in the first three steps after the word.
    private const int AnswerSteps = 3;

    public string Name => "embedding";

    public int StepSamples => SpeechEmbedding.StepSamples;

    public int StepSize => SpeechEmbedding.Size;

    // 8 x 80 ms and the 0.76 s that the first of them knows: 1.3 s.
    public int WindowSteps => 8;

    public (int First, int Last) PositiveSteps(Scene scene)
    {
        var first = ((scene.SpeechEnd + StepSamples - 1) / StepSamples) - 1;
        return (first, first + AnswerSteps - 1);
    }

    public float[] Extract(short[] samples) => embedding.EmbedAll(samples);

    public void Dispose() => embedding.Dispose();
}
