using System.Numerics;
using System.Runtime.InteropServices;

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

    // The usual rates need at most 640 positions. A rate of its own (a header may claim any) can need 16,000; beyond this many, two rows are
    // mixed instead, which keeps the error below that of 16 bits and the memory within bounds.
    private const int MaxRows = 1_024;

    private readonly int _phases;
    private readonly int _rows;
    private readonly float[] _taps;

    public PolyphaseFilter(int inputRateHz, int outputRateHz, int phases)
    {
        var nyquist = Math.Min(inputRateHz, outputRateHz) / 2.0 / inputRateHz;
        var transition = nyquist * TransitionShare;
        var cutoff = nyquist - (transition / 2);
        var beta = 0.1102 * (StopBandDecibels - 8.7);
        var needed = (StopBandDecibels - 7.95) / (2.285 * 2 * Math.PI * transition);
        Taps = (int)Math.Ceiling(needed / TapsMultiple) * TapsMultiple;
        _phases = phases;
        _rows = Math.Min(phases, MaxRows);

        // One row more than positions: the last is the first, one sample later, and is what mixing needs.
        _taps = new float[Taps * (_rows + 1)];
        var row = new double[Taps];
        for (var index = 0; index <= _rows; index++)
        {
            FillRow(row, (double)index / _rows, cutoff, beta);
            for (var i = 0; i < Taps; i++)
            {
                _taps[(index * Taps) + i] = (float)row[i];
            }
        }
    }

    /// <summary>Taps a row.</summary>
    public int Taps { get; }

    /// <summary>The output sample that lies at <paramref name="phase"/> between two input samples.</summary>
    public float Apply(ReadOnlySpan<float> window, int phase)
    {
        if (_rows == _phases)
        {
            return Dot(window, Row(phase));
        }

        var position = (double)phase * _rows / _phases;
        var row = (int)position;
        var share = (float)(position - row);
        return ((1 - share) * Dot(window, Row(row))) + (share * Dot(window, Row(row + 1)));
    }

    private ReadOnlySpan<float> Row(int row) => _taps.AsSpan(row * Taps, Taps);

    private static void FillRow(double[] row, double shift, double cutoff, double beta)
    {
        var half = row.Length / 2;
        var sum = 0.0;
        for (var i = 0; i < row.Length; i++)
        {
            var t = i - (half - 1) - shift;
            var edge = t / half;
            var window = Math.Abs(edge) < 1 ? Bessel0(beta * Math.Sqrt(1 - (edge * edge))) : 0;
            row[i] = window * (t == 0 ? 1 : Math.Sin(2 * Math.PI * cutoff * t) / (2 * Math.PI * cutoff * t));
            sum += row[i];
        }

        // Each row passes a constant unchanged, else the level would ripple from sample to sample.
        for (var i = 0; i < row.Length; i++)
        {
            row[i] /= sum;
        }
    }

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

    private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < xs.Length; i++)
        {
            sum += xs[i] * ys[i];
        }

        return Vector.Sum(sum);
    }
}
