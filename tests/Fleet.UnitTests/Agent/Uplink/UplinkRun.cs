using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Logging;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Transcripts;
using Fleet.DeviceAgent.Uplink;
using Fleet.Testing.Time;
using Fleet.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>One run of an agent without ears: a real spool and a real uplink over a state folder, to a cloud of the test.</summary>
internal sealed class UplinkRun
{
    private readonly FakeTimeProvider _time;

    public UplinkRun(
        string folder, IIngestConnector cloud, FakeTimeProvider time, UplinkOptions options, SpoolOptions spool, Func<double> random, ILogger? logger = null,
        TextWriter? output = null)
    {
        _time = time;
        logger ??= NullLogger.Instance;
        Install = Install.Open(folder, time);
        Spool = UtteranceSpool.Open(folder, spool, time, NullLogger.Instance, out var recovery, Install);
        foreach (var entry in recovery.Entries)
        {
            Install.UtteranceIds.StartAfter(Guid.Parse(entry.Id));
        }

        Transcripts = new TranscriptTracker("pi-001", new TranscriptPrinter(output ?? TextWriter.Null, json: false, 6, 6), time);
        var correction = new ClockCorrection(Install, Spool, logger);
        Queue = new SendQueue(options, time, random, correction);
        var context = new UplinkContext
        {
            DeviceId = "pi-001",
            AgentVersion = "test",
            Install = Install,
            Spool = Spool,
            Queue = Queue,
            Losses = new LossQueue(Spool, options, time, random),
            Correction = correction,
            Transcripts = Transcripts,
            Options = options,
            Health = new DeviceHealth(),
            Time = time,
        };
        Uplink = new DeviceUplink(context, cloud, new LogGate(time, TimeSpan.FromMinutes(1), TimeSpan.FromHours(6)), random, logger);
    }

    public Install Install { get; }

    public UtteranceSpool Spool { get; }

    public TranscriptTracker Transcripts { get; }

    public SendQueue Queue { get; }

    public DeviceUplink Uplink { get; }

    /// <summary>Begins an utterance as the recorder does.</summary>
    public SpoolWriter Begin()
    {
        var number = Install.NextSequenceNumber;
        var timestamp = _time.GetTimestamp();
        var reading = Install.Clock.At(timestamp);
        var writer = Spool.TryCreate(new UtteranceStart
        {
            UtteranceId = Install.UtteranceIds.Next(reading.Time, reading.Clock == Clock.Server).ToString(),
            SequenceNumber = number,
            StartedAtUnixMs = reading.Time.ToUnixTimeMilliseconds(),
            Clock = reading.Clock,
            Source = $"{number}.wav",
        }).ShouldNotBeNull();
        Install.UseSequenceNumber(number);
        if (!reading.IsSettled)
        {
            Install.UnsettledStamps.Add(number, timestamp);
        }

        Spool.Announce(writer.Entry);
        return writer;
    }

    /// <summary>As the end of a process does.</summary>
    public void CloseFiles()
    {
        foreach (var entry in Spool.Snapshot())
        {
            entry.CloseReader();
        }
    }
}
