using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Training;

/// <summary>The windows that heads learn from, and what they hold on average.</summary>
internal sealed class WindowSet
{
    private readonly IReadOnlyList<FeatureClip> _clips;
    private readonly int _stepSize;
    private readonly int _windowSteps;

    public WindowSet(IReadOnlyList<FeatureClip> clips, int stepSize, int windowSteps)
    {
        (_clips, _stepSize, _windowSteps) = (clips, stepSize, windowSteps);
        var others = new List<Window>();
        var recordings = new List<Window>();
        var noises = new List<Window>();
        for (var clip = 0; clip < clips.Count; clip++)
        {
            if (clips[clip].IsValidation)
            {
                continue;
            }

            for (var step = windowSteps - 1; step < clips[clip].Steps; step++)
            {
                if (clips[clip].IsPositive(step))
                {
                    Positives.Add(new Window(clip, step));
                }
                else if (clips[clip].IsNegative(step))
                {
                    var group = clips[clip].Kind switch { ClipKind.Recording => recordings, ClipKind.Noise => noises, _ => others };
                    group.Add(new Window(clip, step));
                }
            }
        }

        Negatives = [.. new[] { others, recordings, noises }.Where(group => group.Count > 0)];
    }

    public List<Window> Positives { get; } = [];

    /// <summary>By origin, each of which is drawn from as often.</summary>
    public IReadOnlyList<List<Window>> Negatives { get; }

    public bool IsNoise(Window window) => _clips[window.Clip].Kind == ClipKind.Noise;

    public bool HasNoise => Negatives.Any(group => IsNoise(group[0]));

    public Sample SampleOf(Window window, int label) => new(_clips[window.Clip].Values, Offset(window.Step), label);

    public ReadOnlySpan<float> Values(Window window) => _clips[window.Clip].Values.AsSpan(Offset(window.Step), _windowSteps * _stepSize);

    /// <summary>Mean, and 1 / deviation, of each number of a step, over a sample of the windows.</summary>
    /// <param name="size">How many numbers repeat: those of one step, or of one frame in it.</param>
    public (float[] Mean, float[] Scale) Statistics(int size)
    {
        const int MostWindows = 20_000;
        var windows = Negatives.SelectMany(group => Every(group, MostWindows)).Concat(Every(Positives, MostWindows)).ToList();
        var (sums, squares, count) = (new double[size], new double[size], 0L);
        foreach (var window in windows)
        {
            var values = _clips[window.Clip].Values.AsSpan(window.Step * _stepSize, _stepSize);
            for (var i = 0; i < values.Length; i++)
            {
                sums[i % size] += values[i];
                squares[i % size] += (double)values[i] * values[i];
            }

            count += values.Length / size;
        }

        var mean = new float[size];
        var scale = new float[size];
        for (var i = 0; i < size; i++)
        {
            var average = sums[i] / count;
            mean[i] = (float)average;
            scale[i] = (float)(1 / Math.Sqrt(Math.Max((squares[i] / count) - (average * average), 1e-6)));
        }

        return (mean, scale);
    }

    private int Offset(int step) => (step - _windowSteps + 1) * _stepSize;

    private static IEnumerable<Window> Every(List<Window> windows, int most)
    {
        var stride = Math.Max(1, windows.Count / most);
        for (var i = 0; i < windows.Count; i += stride)
        {
            yield return windows[i];
        }
    }
}
