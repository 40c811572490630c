using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Hooks;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Testing;
using Fleet.V1;

namespace Fleet.DeviceAgent.Endpointing;

/// <summary>
/// Writes utterances into the spool as they are spoken. The order that keeps the numbers whole: spool file with the next number on disk,
/// number marked as used, then the uplink hears of it.
/// </summary>
internal sealed partial class UtteranceRecorder(
    UtteranceSpool spool, Install install, SampleClock clock, LevelWatch levels, Trigger trigger, long roomBytes, TimeProvider time, ILogger logger,
    UtteranceLedger? ledger = null, DeviceHooks? hooks = null)
    : IUtteranceSink, IDisposable
{
    private const uint SampleRateHz = 16_000;

    // Live sound that is later than this was held up; a clock of samples that is ahead of time is always wrong.
    private static readonly TimeSpan _maxLateness = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _clockJitter = TimeSpan.FromSeconds(1);

    private string _source = "";
    private DateTimeOffset _lastStartedAt;
    private SpoolWriter? _writer;
    private long _recorded;

    /// <summary>What starts the utterances from now on; null = <c>trigger</c> alone.</summary>
    public Wake? Wake { get; set; }

    /// <summary>Utterances recorded since the start.</summary>
    public long Recorded => Interlocked.Read(ref _recorded);

    /// <summary>Whether a source that can wait should go on.</summary>
    public bool HasRoom => spool.Bytes < roomBytes;

    /// <summary>What comes next is from another source, and its first sample is recorded now.</summary>
    public void BeginSource(string source, long position)
    {
        _source = source;
        levels.BeginSource(source);
        Resynchronise(position);
    }

    /// <summary>The sample at this position is recorded now.</summary>
    public void Resynchronise(long position) => clock.Anchor(position, time.GetTimestamp());

    /// <summary>
    /// The sample at this position was recorded so long ago, as far as its arrival tells: sound can be late but never early. Follows a
    /// microphone's crystal through the days without shaking with the scheduler.
    /// </summary>
    public void Follow(long position, TimeSpan ago)
    {
        var recordedAt = time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);
        var expectedAt = clock.TimestampOf(position);
        if (recordedAt < expectedAt || time.GetElapsedTime(expectedAt, recordedAt) > _maxLateness)
        {
            clock.Anchor(position, recordedAt);
        }
    }

    public void OnStart(long firstSample)
    {
        levels.OnStart(firstSample);
        var timestamp = clock.TimestampOf(firstSample);
        var reading = install.Clock.At(timestamp);
        var startedAt = InOrder(reading);
        var start = new UtteranceStart
        {
            UtteranceId = install.UtteranceIds.Next(startedAt, isServerTime: reading.Clock == Clock.Server).ToString("D", CultureInfo.InvariantCulture),
            SequenceNumber = install.NextSequenceNumber,
            StartedAtUnixMs = startedAt.ToUnixTimeMilliseconds(),
            Format = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = SampleRateHz, Channels = 1 },
            Trigger = trigger,
            Source = _source,
            Clock = reading.Clock,
        };
        if (Wake is { } wake)
        {
            (start.Trigger, start.Keyword, start.KeywordScore, start.KeywordModelId) = (Trigger.Keyword, wake.Keyword, wake.Score, wake.ModelId);
            start.TranscribeFromMs = (uint)(Math.Max(0, wake.SpeechFrom - firstSample) * 1_000 / SampleRateHz);
        }

        ledger?.Begin(start.UtteranceId, start.SequenceNumber, start.StartedAtUnixMs);
        _writer = spool.TryCreate(start);
        if (_writer is null)
        {
            return;
        }

        try
        {
            install.UseSequenceNumber(start.SequenceNumber);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogNumberNotKept(start.SequenceNumber, ex.Message);
        }

        if (!reading.IsSettled)
        {
            // Before the uplink hears of it: it corrects the time once the cluster has said its own.
            install.UnsettledStamps.Add(start.SequenceNumber, timestamp);
        }

        Interlocked.Increment(ref _recorded);
        spool.Announce(_writer.Entry);
        hooks?.Raise(new HookCall(HookEvent.Recording) { UtteranceId = start.UtteranceId, Keyword = start.Keyword });
    }

    // The wire and the spool are little endian, as is every machine that .NET runs on but mainframes.
    public void OnAudio(ReadOnlySpan<short> pcm16k)
    {
        var pcm = MemoryMarshal.AsBytes(pcm16k);
        ledger?.Append(pcm);
        _writer?.Append(pcm);
    }

    public void OnEnd(EndpointReason reason)
    {
        levels.OnEnd();
        if (_writer is { } written)
        {
            hooks?.Raise(new HookCall(HookEvent.Recorded) { UtteranceId = written.Entry.Id });
        }

        _writer?.Complete(reason switch
        {
            EndpointReason.Silence => UtteranceEnd.Types.Reason.Silence,
            EndpointReason.MaxLength => UtteranceEnd.Types.Reason.Cap,
            EndpointReason.SourceEnded => UtteranceEnd.Types.Reason.SourceEnded,
            _ => UtteranceEnd.Types.Reason.Stopped,
        });
        Dispose();
        ledger?.End();
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>The clock follows the cluster's by milliseconds, forth and back; what is said later begins later all the same.</summary>
    private DateTimeOffset InOrder(ClockReading reading)
    {
        var startedAt = reading.Time;
        if (reading.IsSettled)
        {
            if (startedAt < _lastStartedAt && _lastStartedAt - startedAt < _clockJitter)
            {
                startedAt = _lastStartedAt;
            }

            _lastStartedAt = startedAt;
        }

        return startedAt;
    }

    [LoggerMessage(
        300, LogLevel.Error,
        "Sequence number {Number} cannot be kept on disk ({Reason}); until it can, only the utterance's own file says that it is used. Free " +
        "some space or mend the disk")]
    private partial void LogNumberNotKept(ulong number, string reason);
}
