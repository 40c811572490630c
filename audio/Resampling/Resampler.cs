using System.Buffers;
using System.Numerics;

namespace Fleet.Audio;

/// <summary>
/// Converts mono audio from any rate between 8 and 192 kHz to 16 kHz, band-limited, in chunks of any size. The output of n samples has
/// round(n × 16000 / rate) samples and no delay; at 16 kHz it is the input, bit for bit. Not thread safe.
/// </summary>
public sealed class Resampler
{
    /// <summary>The rate of the output in samples a second.</summary>
    public const int OutputRateHz = 16_000;

    /// <summary>The lowest rate of the input: that of a telephone.</summary>
    public const int MinInputRateHz = 8_000;

    /// <summary>The highest rate of the input.</summary>
    public const int MaxInputRateHz = 192_000;

    private const int BlockSamples = 2_048;

    private readonly int _up;
    private readonly int _down;
    private readonly PolyphaseFilter? _filter;

    // Input that later output still needs, as a window that slides over the stream.
    private readonly float[] _window = [];
    private int _windowLength;

    private long _received;
    private long _written;

    // Where the next output sample lies: at window index _next + _phase / _up, and its filter begins at _next.
    private int _next;
    private int _phase;

    /// <summary>Creates a resampler for one stream.</summary>
    public Resampler(int inputRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputRateHz, MinInputRateHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputRateHz, MaxInputRateHz);
        InputRateHz = inputRateHz;
        var divisor = (int)BigInteger.GreatestCommonDivisor(inputRateHz, OutputRateHz);
        (_up, _down) = (OutputRateHz / divisor, inputRateHz / divisor);
        if (_up != _down)
        {
            _filter = new PolyphaseFilter(inputRateHz, OutputRateHz, _up);
            _window = new float[_filter.Taps + BlockSamples];
            Reset();
        }
    }

    /// <summary>Samples a second of the input.</summary>
    public int InputRateHz { get; }

    /// <summary>Takes the next samples and writes those of the output that they determine.</summary>
    public void Push(ReadOnlySpan<short> input, IBufferWriter<short> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_filter is null)
        {
            output.Write(input);
            return;
        }

        _received += input.Length;
        while (!input.IsEmpty)
        {
            var count = Math.Min(input.Length, _window.Length - _windowLength);
            var target = _window.AsSpan(_windowLength, count);
            for (var i = 0; i < count; i++)
            {
                target[i] = input[i];
            }

            input = input[count..];
            _windowLength += count;
            Convert(_filter, output, long.MaxValue);
        }
    }

    /// <summary>The source is over: writes the rest, after which the resampler can take a new stream.</summary>
    public void Complete(IBufferWriter<short> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_filter is null)
        {
            return;
        }

        var total = OutputCount(_received);
        while (_written < total)
        {
            // Silence follows the end, as it precedes the start.
            var count = Math.Min(_filter.Taps, _window.Length - _windowLength);
            _window.AsSpan(_windowLength, count).Clear();
            _windowLength += count;
            Convert(_filter, output, total);
        }

        Reset();
    }

    /// <summary>Converts a whole recording.</summary>
    public static short[] Resample(ReadOnlySpan<short> input, int inputRateHz)
    {
        var resampler = new Resampler(inputRateHz);
        var output = new ArrayBufferWriter<short>((int)resampler.OutputCount(input.Length) + 1);
        resampler.Push(input, output);
        resampler.Complete(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Samples of output for so many of input: the nearest whole number.</summary>
    public long OutputCount(long inputSamples) => ((2 * inputSamples * _up) + _down) / (2L * _down);

    private void Convert(PolyphaseFilter filter, IBufferWriter<short> output, long total)
    {
        while (_next + filter.Taps <= _windowLength && _written < total)
        {
            var ready = 1 + (((_windowLength - filter.Taps - _next) * (long)_up) / _down);
            var count = (int)Math.Min(ready, total - _written);
            var span = output.GetSpan(count);
            var i = 0;
            for (; i < count && _next + filter.Taps <= _windowLength; i++)
            {
                var sum = filter.Apply(_window.AsSpan(_next, filter.Taps), _phase);
                span[i] = (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
                _phase += _down;
                _next += _phase / _up;
                _phase %= _up;
            }

            output.Advance(i);
            _written += i;
        }

        var used = Math.Min(_next, _windowLength);
        _window.AsSpan(used, _windowLength - used).CopyTo(_window);
        _windowLength -= used;
        _next -= used;
    }

    private void Reset()
    {
        // The first filter reaches back before the first sample: there is silence.
        _windowLength = (_window.Length - BlockSamples) / 2 - 1;
        _window.AsSpan(0, _windowLength).Clear();
        (_next, _phase, _received, _written) = (0, 0, 0, 0);
    }
}
