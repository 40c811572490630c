namespace Fleet.Audio;

/// <summary>
/// The low-pass filter of a <see cref="Resampler"/>: a windowed sinc, cut into one row of taps for each position that an output sample can
/// have between two input samples.
/// </summary>
internal sealed class PolyphaseFilter
{
    // Kaiser's rule: 80 dB below from the lower of the two Nyquist frequencies on, flat up to nine tenths of it.
    private const double StopBandDecibels = 80;
    private const double TransitionShare = 0.1;

    // A multiple of every vector width, so that the inner loop has no remainder.
    private const int TapsMultiple = 16;

    private readonly float[] _taps;

    public PolyphaseFilter(int inputRateHz, int outputRateHz, int phases)
    {
        var nyquist = Math.Min(inputRateHz, outputRateHz) / 2.0 / inputRateHz;
        var transition = nyquist * TransitionShare;
        var cutoff = nyquist - (transition / 2);
        var beta = 0.1102 * (StopBandDecibels - 8.7);
        var needed = (StopBandDecibels - 7.95) / (2.285 * 2 * Math.PI * transition);
        Taps = (int)Math.Ceiling(needed / TapsMultiple) * TapsMultiple;

        var half = Taps / 2;
        _taps = new float[Taps * phases];
        var row = new double[Taps];
        for (var phase = 0; phase < phases; phase++)
        {
            var sum = 0.0;
            for (var i = 0; i < Taps; i++)
            {
                var t = i - (half - 1) - ((double)phase / phases);
                var edge = t / half;
                var window = Math.Abs(edge) < 1 ? Bessel0(beta * Math.Sqrt(1 - (edge * edge))) : 0;
                row[i] = window * (t == 0 ? 1 : Math.Sin(2 * Math.PI * cutoff * t) / (2 * Math.PI * cutoff * t));
                sum += row[i];
            }

            // Each row passes a constant unchanged, else the level would ripple from sample to sample.
            for (var i = 0; i < Taps; i++)
            {
                _taps[(phase * Taps) + i] = (float)(row[i] / sum);
            }
        }
    }

    /// <summary>Taps a row.</summary>
    public int Taps { get; }

    public ReadOnlySpan<float> Phase(int phase) => _taps.AsSpan(phase * Taps, Taps);

    private static double Bessel0(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }
}
