namespace Fleet.Audio;

/// <summary>
/// The power spectrum of real signals of one length, a power of two. Keeps its tables and its scratch memory: not thread safe.
/// </summary>
internal sealed class RealFft
{
    private readonly int _half;
    private readonly int[] _reversed;
    private readonly double[] _cos;
    private readonly double[] _sin;
    private readonly double[] _re;
    private readonly double[] _im;

    public RealFft(int length)
    {
        if (length < 4 || !int.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "The length of the transform must be a power of two from 4 on.");
        }

        Length = length;
        _half = length / 2;
        (_re, _im) = (new double[_half], new double[_half]);
        (_cos, _sin) = (new double[_half], new double[_half]);
        for (var i = 0; i < _half; i++)
        {
            (_sin[i], _cos[i]) = Math.SinCos(-2 * Math.PI * i / length);
        }

        _reversed = new int[_half];
        var bits = int.Log2(_half);
        for (var i = 0; i < _half; i++)
        {
            for (var bit = 0; bit < bits; bit++)
            {
                _reversed[i] |= ((i >> bit) & 1) << (bits - 1 - bit);
            }
        }
    }

    /// <summary>Samples of the signal.</summary>
    public int Length { get; }

    /// <summary>Values of the spectrum: from 0 Hz to half the sample rate.</summary>
    public int Bins => _half + 1;

    /// <summary>|X|² of the signal, which is filled up with zeros; what is beyond <see cref="Length"/> does not count.</summary>
    public void Power(ReadOnlySpan<double> signal, Span<double> power)
    {
        signal = signal[..Math.Min(signal.Length, Length)];

        // Even samples are the real part and odd ones the imaginary part of a signal half as long.
        for (var i = 0; i < _half; i++)
        {
            var to = _reversed[i];
            _re[to] = 2 * i < signal.Length ? signal[2 * i] : 0;
            _im[to] = (2 * i) + 1 < signal.Length ? signal[(2 * i) + 1] : 0;
        }

        Butterflies();
        power[0] = Square(_re[0] + _im[0]);
        power[_half] = Square(_re[0] - _im[0]);
        for (var k = 1; k < _half; k++)
        {
            var mirror = _half - k;
            var (evenRe, evenIm) = ((_re[k] + _re[mirror]) / 2, (_im[k] - _im[mirror]) / 2);
            var (oddRe, oddIm) = ((_im[k] + _im[mirror]) / 2, (_re[mirror] - _re[k]) / 2);
            power[k] = Square(evenRe + (oddRe * _cos[k]) - (oddIm * _sin[k])) + Square(evenIm + (oddRe * _sin[k]) + (oddIm * _cos[k]));
        }
    }

    private void Butterflies()
    {
        for (var size = 1; size < _half; size *= 2)
        {
            var step = _half / size;
            for (var start = 0; start < _half; start += 2 * size)
            {
                for (var k = 0; k < size; k++)
                {
                    var (a, b) = (start + k, start + k + size);
                    var (cos, sin) = (_cos[k * step], _sin[k * step]);
                    var (re, im) = ((_re[b] * cos) - (_im[b] * sin), (_re[b] * sin) + (_im[b] * cos));
                    (_re[b], _im[b]) = (_re[a] - re, _im[a] - im);
                    (_re[a], _im[a]) = (_re[a] + re, _im[a] + im);
                }
            }
        }
    }

    private static double Square(double value) => value * value;
}
