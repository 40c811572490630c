namespace Fleet.Audio.Keywords;

/// <summary>Window and mel filters out of melspectrogram.onnx, shared by all streams.</summary>
internal sealed class LogMelFilters
{
    private const int FrameSamples = 512;
    private const int Bins = (FrameSamples / 2) + 1;

    private readonly (int First, double[] Weights)[] _bands = new (int, double[])[LogMel.Bands];

    private LogMelFilters(double[] window) => Window = window;

    public double[] Window { get; }

    public static LogMelFilters Read(OnnxGraphFile file)
    {
        // Row 0 of the cosines is the window alone: cos 0 = 1.
        var cosines = file.Floats("0.stft.conv_real.weight", Bins * FrameSamples);
        var weights = file.Floats("1.melW", Bins * LogMel.Bands);
        var filters = new LogMelFilters([.. cosines.Take(FrameSamples).Select(static value => (double)value)]);
        for (var band = 0; band < LogMel.Bands; band++)
        {
            var column = Enumerable.Range(0, Bins).Select(bin => (double)weights[(bin * LogMel.Bands) + band]).ToArray();
            var first = Math.Max(0, Array.FindIndex(column, static weight => weight != 0));
            filters._bands[band] = (first, column[first..(Array.FindLastIndex(column, static weight => weight != 0) + 1)]);
        }

        return filters;
    }

    public double Apply(int band, ReadOnlySpan<double> power)
    {
        var (first, weights) = _bands[band];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * power[first + i];
        }

        return sum;
    }
}
