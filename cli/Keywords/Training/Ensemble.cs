using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Training;

/// <summary>Several heads whose logits are averaged.</summary>
internal sealed class Ensemble(IReadOnlyList<Network> heads)
{
    public IReadOnlyList<Network> Heads { get; } = heads;

    /// <summary>The logit of each step of a clip; steps before the first whole window have none (negative infinity).</summary>
    public float[] Logits(FeatureClip clip, int stepSize, int windowSteps)
    {
        var logits = new float[clip.Steps];
        Array.Fill(logits, float.NegativeInfinity, 0, Math.Min(windowSteps - 1, clip.Steps));
        foreach (var head in Heads)
        {
            var workspace = new Workspace(head);
            for (var step = windowSteps - 1; step < clip.Steps; step++)
            {
                var window = clip.Values.AsSpan((step - windowSteps + 1) * stepSize, windowSteps * stepSize);
                logits[step] += HeadTrainer.Logit(head.Forward(window, workspace)) / Heads.Count;
            }
        }

        return logits;
    }
}
