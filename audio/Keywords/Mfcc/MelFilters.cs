namespace Fleet.Audio.Keywords;

/// <summary>The triangular mel filters of Edge Impulse's block, on the bins on which each version of it puts them.</summary>
internal sealed class MelFilters
{
    // The block takes this off the top edge, so that rounding does not decide which bin it falls into.
    private const double TopEdgeMarginHz = 0.001;

    private readonly (int First, double[] Weights)[] _filters;

    /// <exception cref="ArgumentException">A filter would be empty; the message says what to change.</exception>
    public MelFilters(MfccParameters parameters, int sampleRateHz)
    {
        var bins = (parameters.FftLength / 2) + 1;

        // Up to version 3 the block took the number of bins for the length of the transform.
        var points = parameters.Version <= 3 ? bins : (bins - 1) * 2;
        var high = parameters.HighFrequencyHz == 0 ? sampleRateHz / 2.0 : parameters.HighFrequencyHz;
        var (lowMel, highMel) = (Mel(parameters.LowFrequencyHz), Mel(high));
        var edges = new int[parameters.Filters + 2];
        for (var i = 0; i < edges.Length; i++)
        {
            var hertz = Hertz(i == edges.Length - 1 ? highMel : lowMel + (i * ((highMel - lowMel) / (edges.Length - 1))));
            hertz -= i == edges.Length - 1 ? TopEdgeMarginHz : 0;
            edges[i] = (int)Math.Floor((points + 1) * hertz / sampleRateHz);
        }

        _filters = new (int, double[])[parameters.Filters];
        for (var i = 0; i < _filters.Length; i++)
        {
            _filters[i] = (edges[i], Triangle(edges[i], edges[i + 1], edges[i + 2]));
            if (Array.TrueForAll(_filters[i].Weights, static weight => weight == 0))
            {
                throw new ArgumentException(
                    $"Mel filter {i + 1} of {parameters.Filters} is narrower than a bin of the Fourier transform: lower 'filters' (at most {bins / 4} are " +
                    $"sure), or raise 'fft_length' ({parameters.FftLength}).");
            }
        }
    }

    public double Apply(int filter, ReadOnlySpan<double> power)
    {
        var (first, weights) = _filters[filter];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * power[first + i];
        }

        return sum;
    }

    private static double[] Triangle(int left, int middle, int right)
    {
        var weights = new double[right - left + 1];
        for (var x = left; x <= right; x++)
        {
            weights[x - left] = x >= middle && x < right ? (double)(right - x) / (right - middle)
                : x > left && x <= middle ? (double)(x - left) / (middle - left)
                : 0;
        }

        return weights;
    }

    private static double Mel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));

    private static double Hertz(double mel) => 700 * (Math.Exp(mel / 1127) - 1);
}
