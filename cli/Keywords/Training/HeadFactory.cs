using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Training;

/// <summary>The shapes of the networks.</summary>
internal static class HeadFactory
{
    /// <summary>
    /// A head on embeddings. Every second one sums over all steps at once, the others look at three steps at a time: heads that differ err in
    /// different places, and their mean errs less.
    /// </summary>
    public static Network Embedding(int number, ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, int steps)
    {
        var size = mean.Length;
        var normalise = new NormaliseLayer(mean, scale, steps);
        if (number % 2 == 0)
        {
            const int Units = 32;
            return new Network(
            [
                normalise, new DenseLayer(size * steps, Units), new ReluLayer(Units), new DropoutLayer(Units, 0.2),
                new DenseLayer(Units, Units), new ReluLayer(Units), new DenseLayer(Units, 1),
            ]);
        }

        const int Filters = 32;
        var first = new ConvolutionLayer(steps, size, Filters, 3);
        var second = new ConvolutionLayer(first.OutputSteps, Filters, Filters, 3);
        return new Network(
        [
            normalise, first, new ReluLayer(first.Outputs), new DropoutLayer(first.Outputs, 0.2),
            second, new ReluLayer(second.Outputs), new DropoutLayer(second.Outputs, 0.2), new DenseLayer(second.Outputs, 1),
        ]);
    }

    /// <summary>A small convolution on one second of MFCC, as Edge Impulse builds them.</summary>
    public static Network Mfcc(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, int frames, int labels)
    {
        var coefficients = mean.Length;
        var first = new ConvolutionLayer(frames, coefficients, 16, 3);
        var firstPool = new PoolLayer(first.OutputSteps, 16, 2);
        var second = new ConvolutionLayer(firstPool.OutputSteps, 16, 32, 3);
        var secondPool = new PoolLayer(second.OutputSteps, 32, 2);
        return new Network(
        [
            new NormaliseLayer(mean, scale, frames), first, new ReluLayer(first.Outputs), firstPool, new DropoutLayer(firstPool.Outputs, 0.2),
            second, new ReluLayer(second.Outputs), secondPool, new DropoutLayer(secondPool.Outputs, 0.25), new DenseLayer(secondPool.Outputs, labels),
        ]);
    }
}
