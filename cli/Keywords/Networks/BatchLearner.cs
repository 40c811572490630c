namespace Fleet.Cli.Keywords.Networks;

/// <summary>Learns from batches, on several threads, with a result that does not depend on how many: a batch has fixed parts that are summed in order.</summary>
internal sealed class BatchLearner
{
    private const int Parts = 4;
    private const double WeightDecay = 0.01;

    // Labels are never quite sure: keeps the scores of a perfect training set finite.
    private const float Smoothing = 0.01f;

    private readonly Network _network;
    private readonly Adam _adam;
    private readonly Workspace[] _workspaces;
    private readonly Random[] _randoms;
    private readonly double[] _losses = new double[Parts];
    private readonly ParallelOptions _parallel;

    public BatchLearner(Network network, int seed, int threads)
    {
        _network = network;
        _adam = new Adam(network, WeightDecay);
        _workspaces = [.. Enumerable.Range(0, Parts).Select(_ => new Workspace(network))];
        _randoms = [.. Enumerable.Range(0, Parts).Select(part => new Random(HashCode(seed, part)))];
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
    }

    /// <returns>The mean loss before the step.</returns>
    public double Learn(Sample[] batch, double learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfZero(batch.Length);
        if (_parallel.MaxDegreeOfParallelism == 1)
        {
            for (var part = 0; part < Parts; part++)
            {
                LearnPart(batch, part);
            }
        }
        else
        {
            Parallel.For(0, Parts, _parallel, part => LearnPart(batch, part));
        }

        var total = _workspaces[0].Gradients;
        for (var layer = 0; layer < total.Length; layer++)
        {
            for (var part = 1; part < Parts; part++)
            {
                Vectors.AddScaled(total[layer], _workspaces[part].Gradients[layer], 1);
            }
        }

        _adam.Step(total, learningRate);
        return _losses.Sum() / batch.Length;
    }

    private void LearnPart(Sample[] batch, int part)
    {
        var workspace = _workspaces[part];
        workspace.ClearGradients();
        _losses[part] = 0;
        Span<float> by = stackalloc float[_network.Outputs];
        for (var i = part * batch.Length / Parts; i < (part + 1) * batch.Length / Parts; i++)
        {
            var input = batch[i].Values.AsSpan(batch[i].Offset, _network.Inputs);
            var output = _network.Forward(input, workspace, _randoms[part]);
            _losses[part] += Loss.Of(output, batch[i].Label, Smoothing, by);
            foreach (ref var value in by)
            {
                value /= batch.Length;
            }

            _network.Backward(input, by, workspace);
        }
    }

    // The hash of the framework differs from run to run.
    private static int HashCode(int seed, int part) => unchecked((seed * 7919) + (part * 104_729));
}
