using System.Buffers;
using System.Runtime.InteropServices;
using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>
/// Turns raw bytes (S16_LE, one or two channels, any rate) into 16 kHz mono. Bytes come in pieces of any size: half a sample waits for its
/// other half.
/// </summary>
internal sealed class PcmConverter(int sampleRateHz, int channels)
{
    private const int BlockFrames = 2_048;

    private readonly Resampler _resampler = new(sampleRateHz);
    private readonly InputQuality _quality = new();
    private readonly ArrayBufferWriter<short> _output = new();
    private readonly short[] _mono = new short[BlockFrames];
    private readonly byte[] _bytes = new byte[BlockFrames * channels * sizeof(short)];
    private int _held;

    /// <summary>Bytes of a sample that is not whole yet.</summary>
    public int HeldBytes => _held % (channels * sizeof(short));

    /// <summary>Takes bytes; the result is valid until the next call.</summary>
    public ReadOnlyMemory<short> Convert(ReadOnlySpan<byte> bytes)
    {
        _output.ResetWrittenCount();
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, _bytes.Length - _held);
            bytes[..count].CopyTo(_bytes.AsSpan(_held));
            bytes = bytes[count..];
            _held += count;

            var frameBytes = channels * sizeof(short);
            var whole = _held - (_held % frameBytes);
            var samples = MemoryMarshal.Cast<byte, short>(_bytes.AsSpan(0, whole));
            _quality.Add(samples);
            var frames = ChannelMix.ToMono(samples, channels, _mono);
            _resampler.Push(_mono.AsSpan(0, frames), _output);
            _bytes.AsSpan(whole, _held - whole).CopyTo(_bytes);
            _held -= whole;
        }

        return _output.WrittenMemory;
    }

    /// <summary>The stream has ended: what the resampler still held; half a sample is dropped. The next bytes are a new stream.</summary>
    public ReadOnlyMemory<short> Complete()
    {
        _output.ResetWrittenCount();
        _held = 0;
        _resampler.Complete(_output);
        return _output.WrittenMemory;
    }

    /// <summary>Levels of what came since the last call, of all channels.</summary>
    public InputLevels TakeLevels() => _quality.Take();
}
