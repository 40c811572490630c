using System.Runtime.InteropServices;

namespace Fleet.Audio;

/// <summary>
/// Reads WAV files: 16-bit PCM, 8 to 48 kHz, mono or stereo (mixed down). Anything else, and anything damaged, is a
/// <see cref="WavFormatException"/> that says what to do; damage is never taken for the end of the recording.
/// </summary>
public sealed class WavReader : IDisposable
{
    private const int BufferFrames = 4096;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly bool _leaveOpen;
    private readonly int _frameBytes;
    private readonly byte[] _buffer;
    private long _read;
    private long _dataBytes;

    private WavReader(Stream stream, string name, bool leaveOpen)
    {
        var header = WavHeader.Read(stream, name);
        (_stream, _name, _leaveOpen) = (stream, name, leaveOpen);
        SampleRateHz = header.SampleRateHz;
        Channels = header.Channels;
        _frameBytes = Channels * sizeof(short);
        _buffer = new byte[BufferFrames * _frameBytes];
        _dataBytes = header.DataBytes;
        if (stream.CanSeek)
        {
            CheckLength(stream.Length - stream.Position);
        }
    }

    /// <summary>Samples a second.</summary>
    public int SampleRateHz { get; }

    /// <summary>Channels in the file; what is read is mono.</summary>
    public int Channels { get; }

    /// <summary>Mono samples in the recording; null while the end of a stream of unknown length has not been seen.</summary>
    public long? SampleCount => _dataBytes < 0 ? null : _dataBytes / _frameBytes;

    /// <summary>Opens a file for reading piece by piece.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of the supported kind.</exception>
    public static WavReader Open(string path) => Open(File.OpenRead(path), path);

    /// <summary>Reads from a stream; <paramref name="name"/> stands for the file name in errors.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of the supported kind.</exception>
    public static WavReader Open(Stream stream, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return new WavReader(stream, name, leaveOpen);
        }
        catch when (!leaveOpen)
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of the supported kind, or is damaged.</exception>
    public static WavAudio ReadFile(string path)
    {
        using var reader = Open(path);
        return reader.ReadToEnd();
    }

    /// <summary>Reads the rest of the recording.</summary>
    /// <exception cref="WavFormatException">The file ends before the recording does.</exception>
    public WavAudio ReadToEnd()
    {
        // Only a file's own length is believed: a size that a pipe claims may be anything.
        var samples = new short[_stream.CanSeek ? SampleCount ?? BufferFrames : BufferFrames];
        var count = 0;
        int read;
        while ((read = Read(samples.AsSpan(count))) > 0)
        {
            count += read;
            if (count == samples.Length && SampleCount != count)
            {
                Array.Resize(ref samples, samples.Length * 2);
            }
        }

        return new WavAudio { SampleRateHz = SampleRateHz, Channels = Channels, Samples = samples.AsMemory(0, count) };
    }

    /// <summary>Reads the next mono samples; 0 only at the end of the recording (or when <paramref name="mono"/> is empty).</summary>
    /// <exception cref="WavFormatException">The file ends before the recording does.</exception>
    public int Read(Span<short> mono)
    {
        var frames = Math.Min(mono.Length, BufferFrames);
        if (_dataBytes >= 0)
        {
            frames = (int)Math.Min(frames, (_dataBytes - _read) / _frameBytes);
        }

        if (frames == 0)
        {
            return 0;
        }

        var bytes = _buffer.AsSpan(0, frames * _frameBytes);
        var read = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        _read += read;
        if (read < bytes.Length)
        {
            frames = AtEndOfFile(read);
        }

        // BinaryPrimitives is not needed: .NET runs Fleet on little-endian machines only, as WAV is.
        var samples = MemoryMarshal.Cast<byte, short>(bytes[..(frames * _frameBytes)]);
        if (Channels == 1)
        {
            samples.CopyTo(mono);
            return frames;
        }

        for (var i = 0; i < frames; i++)
        {
            mono[i] = (short)((samples[2 * i] + samples[(2 * i) + 1]) >> 1);
        }

        return frames;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_leaveOpen)
        {
            _stream.Dispose();
        }
    }

    private int AtEndOfFile(int lastRead)
    {
        if (_dataBytes >= 0)
        {
            throw WavHeader.Damaged(_name, $"it promises {_dataBytes} bytes of audio and ends after {_read}");
        }

        if (_read % _frameBytes != 0)
        {
            throw WavHeader.Damaged(_name, "it ends in the middle of a sample");
        }

        _dataBytes = _read;
        return lastRead / _frameBytes;
    }

    private void CheckLength(long bytesThere)
    {
        if (_dataBytes > bytesThere)
        {
            throw WavHeader.Damaged(_name, $"it promises {_dataBytes} bytes of audio and has {bytesThere}");
        }

        // A recorder that was killed leaves the length at zero: that is no recording of silence.
        if (_dataBytes == 0 && bytesThere > 0)
        {
            throw WavHeader.Damaged(_name, $"it promises no audio, yet {bytesThere} bytes follow: its recorder did not finish");
        }

        if (_dataBytes < 0)
        {
            if (bytesThere % _frameBytes != 0)
            {
                throw WavHeader.Damaged(_name, "it ends in the middle of a sample");
            }

            _dataBytes = bytesThere;
        }
    }
}
