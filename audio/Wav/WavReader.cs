namespace Fleet.Audio;

/// <summary>
/// Reads WAV files: PCM of 8 to 32 bits and floating point, 8 to 192 kHz, mono or stereo, as 16-bit mono. Anything else is a
/// <see cref="WavFormatException"/> that says what to do. Of a damaged file all that is there is read, and then the exception follows: damage is
/// never taken for the end of the recording. No size in the file is believed before memory is taken for it.
/// </summary>
public sealed class WavReader : IDisposable
{
    private const int BufferFrames = 4096;

    private readonly Stream _stream;
    private readonly WavStream _data;
    private readonly string _name;
    private readonly bool _leaveOpen;
    private readonly WavFormat _format;
    private readonly byte[] _bytes;
    private readonly short[] _interleaved;
    private readonly long? _promisedBytes;
    private long _readBytes;
    private bool _isOver;

    private WavReader(Stream stream, string name, bool leaveOpen)
    {
        (_stream, _name, _leaveOpen) = (stream, name, leaveOpen);
        _data = new WavStream(stream);
        (_format, _promisedBytes) = WavHeader.Read(_data, name);
        _bytes = new byte[BufferFrames * _format.FrameBytes];
        _interleaved = new short[BufferFrames * Channels];
        if (_data.Rest is { } rest)
        {
            SampleCount = Math.Min(rest, _promisedBytes ?? rest) / _format.FrameBytes;
        }
        else
        {
            SampleCount = _promisedBytes / _format.FrameBytes;
        }
    }

    /// <summary>Samples a second.</summary>
    public int SampleRateHz => _format.SampleRateHz;

    /// <summary>Channels in the file; what is read is mono.</summary>
    public int Channels => _format.Channels;

    /// <summary>Mono samples in the recording; null while the end of a stream of unknown length has not been seen.</summary>
    public long? SampleCount { get; private set; }

    /// <summary>When set, hears the samples of all channels before they are mixed.</summary>
    public InputQuality? Quality { get; set; }

    /// <summary>Opens a file for reading piece by piece.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of a supported kind.</exception>
    public static WavReader Open(string path) => Open(File.OpenRead(path), path);

    /// <summary>Reads from a stream; <paramref name="name"/> stands for the file name in errors.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of a supported kind.</exception>
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
    /// <exception cref="WavFormatException">It is not a WAV file of a supported kind, or is damaged.</exception>
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
        // One more than is there, so that the last read sees the end.
        var expected = _data.Rest is null ? BufferFrames : Math.Min((SampleCount ?? BufferFrames) + 1, Array.MaxLength);
        var samples = new short[expected];
        var count = 0;
        int read;
        while ((read = Read(samples.AsSpan(count))) > 0)
        {
            count += read;
            if (count == samples.Length)
            {
                Array.Resize(ref samples, (int)Math.Min(samples.Length * 2L, Array.MaxLength));
            }
        }

        return new WavAudio { SampleRateHz = SampleRateHz, Channels = Channels, Samples = samples.AsMemory(0, count) };
    }

    /// <summary>Reads the next mono samples; 0 only at the end of the recording (or when <paramref name="mono"/> is empty).</summary>
    /// <exception cref="WavFormatException">The file ends before the recording does; all that was there has been read.</exception>
    public int Read(Span<short> mono)
    {
        if (_isOver || mono.IsEmpty)
        {
            return 0;
        }

        var wanted = Math.Min(mono.Length, BufferFrames) * (long)_format.FrameBytes;
        if (_promisedBytes is { } promised)
        {
            wanted = Math.Min(wanted, promised - _readBytes);
        }

        var bytes = _bytes.AsSpan(0, (int)wanted);
        var read = _data.Read(bytes);
        _readBytes += read;
        var frames = read / _format.FrameBytes;
        if (frames == 0)
        {
            CheckEnd();
            _isOver = true;
            SampleCount = _readBytes / _format.FrameBytes;
            return 0;
        }

        var interleaved = _interleaved.AsSpan(0, frames * Channels);
        WavSamples.Convert(bytes[..(frames * _format.FrameBytes)], _format.Encoding, interleaved);
        Quality?.Add(interleaved);
        ChannelMix.ToMono(interleaved, Channels, mono);
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

    private void CheckEnd()
    {
        if (_promisedBytes is { } promised)
        {
            if (_readBytes < promised)
            {
                throw WavErrors.CutOff(_name, $"it promises {promised} bytes of audio and has {_readBytes}");
            }
        }
        else if (_readBytes % _format.FrameBytes != 0)
        {
            throw WavErrors.CutOff(_name, "it ends in the middle of a sample");
        }
    }
}
