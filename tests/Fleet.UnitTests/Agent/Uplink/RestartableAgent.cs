using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Logging;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Transcripts;
using Fleet.DeviceAgent.Uplink;
using Fleet.Testing.Time;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>Runs of an agent, one after the other, over one state folder; what it records is remembered beside its spool.</summary>
internal sealed class RestartableAgent : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time;
    private readonly ScriptedCloud _cloud;
    private readonly Random _random;
    private CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private Install _install = null!; // set by Start
    private SpoolWriter? _writer;

    public RestartableAgent(int seed, FakeTimeProvider time, ScriptedCloud cloud)
    {
        _time = time;
        _cloud = cloud;
        _random = new Random(seed + 1);
        Start();
    }

    public UtteranceSpool Spool { get; private set; } = null!; // set by Start

    /// <summary>What was spoken, by number.</summary>
    public Dictionary<ulong, List<byte>> Spoken { get; } = [];

    public int Restarts { get; private set; }

    /// <summary>Begins, goes on, or ends an utterance.</summary>
    public void Speak()
    {
        if (_writer is null)
        {
            Begin();
        }
        else if (_random.Next(4) == 0)
        {
            EndUtterance();
            return;
        }

        Append(2 * _random.Next(1, 6000));
    }

    public void EndUtterance()
    {
        _writer?.Complete(UtteranceEnd.Types.Reason.Silence);
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>Killed in the middle of whatever it does, and started again.</summary>
    public async Task RestartAsync()
    {
        Restarts++;
        _writer?.Dispose();
        _writer = null;
        await StopAsync();
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        _writer?.Dispose();
        await StopAsync();
        _stopping.Dispose();
        _folder.Dispose();
    }

    private void Start()
    {
        _stopping = new CancellationTokenSource();
        _install = Install.Open(_folder.Path, _time);
        Spool = UtteranceSpool.Open(_folder.Path, new SpoolOptions(), _time, NullLogger.Instance, out var recovery, _install);
        foreach (var entry in recovery.Entries)
        {
            _install.UtteranceIds.StartAfter(Guid.Parse(entry.Id));
        }

        var options = new UplinkOptions { MaxUtterance = TimeSpan.FromSeconds(2) };
        var correction = new ClockCorrection(_install, Spool, NullLogger.Instance);
        var context = new UplinkContext
        {
            DeviceId = "pi-001",
            AgentVersion = "test",
            Install = _install,
            Spool = Spool,
            Queue = new SendQueue(options, _time, _random.NextDouble, correction),
            Losses = new LossQueue(Spool, options, _time, _random.NextDouble),
            Correction = correction,
            Transcripts = new TranscriptTracker("pi-001", new TranscriptPrinter(TextWriter.Null, json: false, 6, 6), _time),
            Options = options,
            Health = new DeviceHealth(),
            Time = _time,
        };
        var gate = new LogGate(_time, TimeSpan.FromMinutes(1), TimeSpan.FromHours(6));
        var uplink = new DeviceUplink(context, _cloud, gate, () => 0.5, NullLogger.Instance);
        var stopping = _stopping.Token;
        _running = Task.Run(() => uplink.RunAsync(stopping), CancellationToken.None);
    }

    private void Begin()
    {
        var number = _install.NextSequenceNumber;
        var timestamp = _time.GetTimestamp();
        var reading = _install.Clock.At(timestamp);
        _writer = Spool.TryCreate(new UtteranceStart
        {
            UtteranceId = _install.UtteranceIds.Next(reading.Time, reading.Clock == Clock.Server).ToString(),
            SequenceNumber = number,
            StartedAtUnixMs = reading.Time.ToUnixTimeMilliseconds(),
            Clock = reading.Clock,
        }).ShouldNotBeNull();
        _install.UseSequenceNumber(number);
        if (!reading.IsSettled)
        {
            _install.UnsettledStamps.Add(number, timestamp);
        }

        Spool.Announce(_writer.Entry);
        Spoken[number] = [];
    }

    private void Append(int bytes)
    {
        // Not longer than the smallest window: the protocol gives at least the longest utterance.
        var writer = _writer.ShouldNotBeNull();
        var spoken = Spoken[writer.Entry.SequenceNumber];
        var pcm = new byte[Math.Min(bytes, 64_000 - spoken.Count)];
        _random.NextBytes(pcm);
        if (pcm.Length == 0)
        {
            EndUtterance();
            return;
        }

        spoken.AddRange(pcm);
        writer.Append(pcm);
    }

    private async Task StopAsync()
    {
        // No good-bye: the link breaks first.
        _cloud.Cut();
        await _stopping.CancelAsync();
        while (!_running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }

        await _running;
        foreach (var entry in Spool.Snapshot())
        {
            entry.CloseReader();
        }

        _stopping.Dispose();
    }
}
