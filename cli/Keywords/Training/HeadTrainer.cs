using System.Globalization;
using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Training;

/// <summary>
/// Trains one head in rounds. After each round it looks for the negatives that the head takes for the keyword, and the next round shows it more of
/// them: of hours of talk only seconds are hard.
/// </summary>
internal sealed class HeadTrainer(WindowSet windows, TrainOptions options, ProgressLine progress)
{
    private const int BatchSize = 256;
    private const int PositivesPerBatch = 64;
    private const int HardPerBatch = 80;
    private const double HighestRate = 1.5e-3;
    private const double LowestRate = 2e-5;

    // Of all negatives this share is called hard.
    private const double HardShare = 0.04;

    // Labels of a network with several outputs.
    private const int Unknown = 1;
    private const int NoiseLabel = 2;

    /// <param name="network">Initialised, or as a checkpoint has it.</param>
    /// <param name="number">Which head: another one sees other batches.</param>
    /// <param name="fromRound">The first round that is still to do.</param>
    /// <param name="onRound">Called with the number of the next round after each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public void Train(Network network, int number, int fromRound, Action<int> onRound, CancellationToken cancellationToken)
    {
        progress.Begin($"head {number + 1} of {options.Heads}", (long)options.Rounds * options.Steps, (long)fromRound * options.Steps);
        var batch = new Sample[BatchSize];
        for (var round = fromRound; round < options.Rounds; round++)
        {
            var random = new Random(unchecked((options.Seed * 1_000_003) + (number * 1_009) + round));
            var learner = new BatchLearner(network, unchecked(options.Seed + (number * 31) + (round * 977)), options.Threads);
            var hard = round == 0 ? [] : FindHard(network, cancellationToken);
            var loss = 0.0;
            for (var step = 0; step < options.Steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Fill(batch, hard, network.Outputs > 1, random);
                loss += (learner.Learn(batch, Rate(round, step)) - loss) / Math.Min(step + 1, 100);
                progress.Add(note: string.Create(CultureInfo.InvariantCulture, $"round {round + 1}, loss {loss:0.0000}"));
            }

            onRound(round + 1);
        }

        progress.End();
    }

    // Falls over the whole training, and rises again a little at the start of each round, whose negatives are new.
    private double Rate(int round, int step)
    {
        var highest = HighestRate * Math.Pow(0.5, round);
        var warmUp = Math.Min(1, (step + 1) / 100.0);
        return warmUp * (LowestRate + ((highest - LowestRate) * 0.5 * (1 + Math.Cos(Math.PI * step / options.Steps))));
    }

    private void Fill(Sample[] batch, List<Window> hard, bool isByLabel, Random random)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            if (i < PositivesPerBatch)
            {
                batch[i] = windows.SampleOf(Pick(windows.Positives, random), isByLabel ? 0 : 1);
                continue;
            }

            var negatives = hard.Count > 0 && i < PositivesPerBatch + HardPerBatch ? hard : windows.Negatives[i % windows.Negatives.Count];
            var window = Pick(negatives, random);
            batch[i] = windows.SampleOf(window, !isByLabel ? 0 : windows.IsNoise(window) ? NoiseLabel : Unknown);
        }
    }

    private List<Window> FindHard(Network network, CancellationToken cancellationToken)
    {
        var all = windows.Negatives.SelectMany(group => group).ToArray();
        var scores = new float[all.Length];
        const int Stretch = 4_096;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, (all.Length + Stretch - 1) / Stretch, parallel, () => new Workspace(network), (part, _, workspace) =>
        {
            for (var i = part * Stretch; i < Math.Min(all.Length, (part + 1) * Stretch); i++)
            {
                scores[i] = Logit(network.Forward(windows.Values(all[i]), workspace));
            }

            return workspace;
        }, _ => { });
        Array.Sort(scores, all);
        return [.. all.TakeLast(Math.Max(BatchSize, (int)(all.Length * HardShare)))];
    }

    /// <summary>How sure a network is of the keyword, on the scale of a logit.</summary>
    public static float Logit(ReadOnlySpan<float> output)
    {
        if (output.Length == 1)
        {
            return output[0];
        }

        var others = 0.0;
        for (var i = 1; i < output.Length; i++)
        {
            others += Math.Exp(output[i] - output[0]);
        }

        return (float)-Math.Log(others);
    }

    private static Window Pick(List<Window> windows, Random random) => windows[random.Next(windows.Count)];
}
