using System.Buffers;
using System.Threading.Channels;
using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>
/// Live sound between the thread that takes it in and the one that works on it, bounded. One writer, one reader. Sound that is missing is
/// never joined over: the reader is told of each gap.
/// </summary>
internal sealed class SampleQueue(TimeSpan capacity, TimeProvider time)
{
    private const int MaxPieceSamples = 1_600;
    private const double SampleRateHz = 16_000;

    private readonly Channel<SamplePiece> _pieces = Channel.CreateBounded<SamplePiece>(
        new BoundedChannelOptions(Math.Max(2, (int)(capacity.TotalSeconds * SampleRateHz / MaxPieceSamples)))
        {
            SingleReader = true,
            SingleWriter = true,
            FullMode = BoundedChannelFullMode.Wait, // the writer decides: a microphone drops, a pipe waits
        });

    private bool _gapIsDue;
    private long _dropped;

    /// <summary>Time of sound that was dropped because the reader was too slow.</summary>
    public TimeSpan Dropped => TimeSpan.FromSeconds(Interlocked.Read(ref _dropped) / SampleRateHz);

    /// <summary>Writes what there is room for; the rest is dropped and counted, and leaves a gap.</summary>
    public void Write(ReadOnlySpan<short> pcm16k, InputLevels levels)
    {
        while (!pcm16k.IsEmpty)
        {
            var count = Math.Min(pcm16k.Length, MaxPieceSamples);
            if (!TryWriteGap() || !TryWritePiece(pcm16k[..count], levels))
            {
                _gapIsDue = true;
                Interlocked.Add(ref _dropped, count);
            }

            levels = default; // told once
            pcm16k = pcm16k[count..];
        }
    }

    /// <summary>Writes everything, waiting for room.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<short> pcm16k, InputLevels levels, CancellationToken cancellationToken)
    {
        while (!pcm16k.IsEmpty)
        {
            var count = Math.Min(pcm16k.Length, MaxPieceSamples);
            while (!TryWritePiece(pcm16k.Span[..count], levels))
            {
                await _pieces.Writer.WaitToWriteAsync(cancellationToken);
            }

            levels = default;
            pcm16k = pcm16k[count..];
        }
    }

    /// <summary>What comes next does not follow on what came before.</summary>
    public void MarkGap()
    {
        _gapIsDue = true;
        TryWriteGap();
    }

    /// <summary>There is no more.</summary>
    public void Complete() => _pieces.Writer.TryComplete();

    public IAsyncEnumerable<SamplePiece> ReadAllAsync(CancellationToken cancellationToken) => _pieces.Reader.ReadAllAsync(cancellationToken);

    private bool TryWriteGap()
    {
        _gapIsDue = _gapIsDue && !_pieces.Writer.TryWrite(new SamplePiece(null, 0, default, time.GetTimestamp()));
        return !_gapIsDue;
    }

    private bool TryWritePiece(ReadOnlySpan<short> samples, InputLevels levels)
    {
        var buffer = ArrayPool<short>.Shared.Rent(samples.Length);
        samples.CopyTo(buffer);
        if (_pieces.Writer.TryWrite(new SamplePiece(buffer, samples.Length, levels, time.GetTimestamp())))
        {
            return true;
        }

        ArrayPool<short>.Shared.Return(buffer);
        return false;
    }
}
