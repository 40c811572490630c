using System.Buffers;
using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture;

/// <summary>A WAV file, read and resampled piece by piece: a recording of hours takes no more memory than one of seconds.</summary>
internal sealed class WavSource : IAudioSource
{
    private const int InputSamples = 4800;

    private readonly Recording _recording;
    private readonly WavReader _reader;
    private readonly Resampler _resampler;
    private readonly InputQuality _quality = new();
    private readonly short[] _input = new short[InputSamples];
    private readonly ArrayBufferWriter<short> _output = new(InputSamples * 2);
    private int _taken;
    private bool _isOver;
    private AudioSourceException? _damage;

    private WavSource(Recording recording, WavReader reader)
    {
        _recording = recording;
        _reader = reader;
        _reader.Quality = _quality;
        _resampler = new Resampler(reader.SampleRateHz);
    }

    public string Name => _recording.Name;

    /// <exception cref="AudioSourceException">It is not a WAV file that can be played.</exception>
    public static WavSource Open(Recording recording)
    {
        try
        {
            return new WavSource(recording, WavReader.Open(recording.Path));
        }
        catch (Exception ex) when (IsExpected(ex))
        {
            throw Describe(recording, ex);
        }
    }

    public int Read(Span<short> pcm16k)
    {
        var filled = 0;
        while (filled < pcm16k.Length)
        {
            var ready = _output.WrittenSpan[_taken..];
            if (ready.Length > 0)
            {
                var count = Math.Min(ready.Length, pcm16k.Length - filled);
                ready[..count].CopyTo(pcm16k[filled..]);
                filled += count;
                _taken += count;
                continue;
            }

            if (_isOver)
            {
                break;
            }

            _output.ResetWrittenCount();
            _taken = 0;
            Refill();
        }

        // What came before the damage has been given; only then it is told.
        return filled > 0 || _damage is null ? filled : throw _damage;
    }

    public InputLevels TakeLevels() => _quality.Take();

    public void Dispose() => _reader.Dispose();

    private void Refill()
    {
        var read = 0;
        try
        {
            read = _reader.Read(_input);
        }
        catch (Exception ex) when (IsExpected(ex))
        {
            _damage = Describe(_recording, ex);
        }

        if (read > 0)
        {
            _resampler.Push(_input.AsSpan(0, read), _output);
            return;
        }

        _resampler.Complete(_output);
        _isOver = true;
    }

    private static bool IsExpected(Exception ex) => ex is WavFormatException or IOException or UnauthorizedAccessException;

    private static AudioSourceException Describe(Recording recording, Exception ex) => new(
        ex is WavFormatException ? ex.Message : $"'{recording.Path}' cannot be read: {ex.Message}",
        ex);
}
