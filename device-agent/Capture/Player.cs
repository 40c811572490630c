using System.Buffers;
using Fleet.DeviceAgent.Endpointing;
using Fleet.DeviceAgent.Health;

namespace Fleet.DeviceAgent.Capture;

/// <summary>Plays recordings into a segmenter as a microphone would: a piece of 100 ms when its time has passed.</summary>
internal sealed class Player(
    UtteranceRecorder recorder, ISegmenter segmenter, LevelWatch levels, PlayReport report, PlayerOptions options, TimeProvider time)
{
    private const int BlockSamples = 1600;
    private const double SampleRateHz = 16_000;

    // Later than this the machine was asleep or overloaded; what was missed is not caught up in a rush.
    private static readonly TimeSpan _maxLateness = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _roomPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Plays until all is played or the token is cancelled; either way the utterance that is open is ended.</summary>
    public async Task PlayAsync(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        try
        {
            long before;
            do
            {
                before = segmenter.Position;
                foreach (var recording in recordings)
                {
                    await PlayAsync(recording, cancellationToken);
                    if (options.Speed > 0 && options.Pause > TimeSpan.Zero)
                    {
                        await Task.Delay(options.Pause / options.Speed, time, cancellationToken);
                    }
                }
            }
            while (options.Loop && segmenter.Position > before);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            segmenter.Stop();
        }
    }

    private async Task PlayAsync(Recording recording, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var source = WavSource.Open(recording);
            await PlayAsync(source, cancellationToken);
        }
        catch (AudioSourceException ex)
        {
            // What came before the damage was heard and is kept.
            report.OnUnplayable(recording, ex.Message);
        }

        segmenter.EndOfSource();
    }

    /// <summary>Plays one source to its end.</summary>
    internal async Task PlayAsync(IAudioSource source, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<short>.Shared.Rent(BlockSamples);
        try
        {
            var samples = 0L;
            var startedAt = time.GetTimestamp();
            recorder.BeginSource(source.Name, segmenter.Position);
            while (source.Read(buffer.AsSpan(0, BlockSamples)) is var count and > 0)
            {
                samples += count;
                if (options.Speed > 0)
                {
                    startedAt = await PaceAsync(startedAt, samples, cancellationToken);
                }
                else
                {
                    await WaitForRoomAsync(cancellationToken);
                }

                levels.Hear(segmenter.Position + count, source.TakeLevels());
                segmenter.Push(buffer.AsSpan(0, count));
                if (samples == count)
                {
                    report.OnHeard();
                }
            }
        }
        finally
        {
            ArrayPool<short>.Shared.Return(buffer);
        }
    }

    private async ValueTask<long> PaceAsync(long startedAt, long samples, CancellationToken cancellationToken)
    {
        var due = TimeSpan.FromSeconds(samples / (SampleRateHz * options.Speed));
        var early = due - time.GetElapsedTime(startedAt);
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, time, cancellationToken);
            return startedAt;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (-early < _maxLateness)
        {
            return startedAt;
        }

        recorder.Resynchronise(segmenter.Position);
        return startedAt + (long)(-early.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Playing as fast as possible must not overrun the spool: nobody is speaking who could not wait.</summary>
    private async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        // Nothing else waits at this speed: let the uplink and the other devices have the thread.
        await Task.Yield();
        recorder.Resynchronise(segmenter.Position);
        while (!recorder.HasRoom)
        {
            await Task.Delay(_roomPoll, time, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
