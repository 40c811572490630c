namespace Fleet.Cli.Keywords.Networks;

/// <summary>How wrong outputs (before sigmoid or softmax) are.</summary>
internal static class Loss
{
    /// <param name="output">One number: yes or no. More: which one.</param>
    /// <param name="label">1 or 0; or which one.</param>
    /// <param name="smoothing">So far from certain a label is.</param>
    /// <param name="byOutput">Gets the gradient.</param>
    public static double Of(ReadOnlySpan<float> output, int label, float smoothing, Span<float> byOutput)
    {
        if (output.Length == 1)
        {
            var target = label == 1 ? 1 - smoothing : smoothing;
            var score = Sigmoid(output[0]);
            byOutput[0] = (float)(score - target);
            return -((target * Math.Log(Math.Max(score, 1e-12))) + ((1 - target) * Math.Log(Math.Max(1 - score, 1e-12))));
        }

        var loss = 0.0;
        Softmax(output, byOutput);
        for (var i = 0; i < output.Length; i++)
        {
            var target = i == label ? 1 - smoothing : smoothing / (output.Length - 1);
            loss -= target * Math.Log(Math.Max(byOutput[i], 1e-12f));
            byOutput[i] -= target;
        }

        return loss;
    }

    public static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    public static void Softmax(ReadOnlySpan<float> output, Span<float> scores)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in output)
        {
            largest = Math.Max(largest, value);
        }

        var sum = 0f;
        for (var i = 0; i < output.Length; i++)
        {
            scores[i] = MathF.Exp(output[i] - largest);
            sum += scores[i];
        }

        for (var i = 0; i < output.Length; i++)
        {
            scores[i] /= sum;
        }
    }
}
