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

/// <summary>A device without ears: a real spool and a real uplink between the test's recordings and the test's cloud.</summary>
internal sealed class UplinkFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Install _install;
    private Task _running = Task.CompletedTask;

    public UplinkFixture(UplinkOptions? options = null)
    {
        _install = Install.Open(_folder.Path, Time);
        Spool = UtteranceSpool.Open(_folder.Path, new SpoolOptions(), Time, NullLogger.Instance, out _);
        Transcripts = new TranscriptTracker("pi-001", new TranscriptPrinter(Output, json: false, 6, 6), Time);
        options ??= new UplinkOptions();
        Queue = new SendQueue(options, Time, () => 0);
        var context = new UplinkContext
        {
            DeviceId = "pi-001",
            AgentVersion = "test",
            Install = _install,
            Spool = Spool,
            Queue = Queue,
            Transcripts = Transcripts,
            Options = options,
            Health = new DeviceHealth(),
            Time = Time,
        };
        Uplink = new DeviceUplink(context, Cloud, new LogGate(Time, TimeSpan.FromMinutes(1), TimeSpan.FromHours(6)), () => 0, Log);
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeCloud Cloud { get; } = new();

    public ListLogger Log { get; } = new();

    public StringWriter Output { get; } = new();

    public UtteranceSpool Spool { get; }

    public TranscriptTracker Transcripts { get; }

    public SendQueue Queue { get; }

    public DeviceUplink Uplink { get; }

    public void Start() => _running = Task.Run(() => Uplink.RunAsync(_stopping.Token));

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public async Task<FakeSession> ConnectAsync(long creditBytes = 4 << 20)
    {
        Start();
        return await AcceptAsync(creditBytes);
    }

    public async Task<FakeSession> AcceptAsync(long creditBytes = 4 << 20)
    {
        var session = await Cloud.AcceptAsync();
        await session.HelloAsync();
        session.Welcome(creditBytes);
        await Log.WaitForAsync("Connected to silo");
        return session;
    }

    /// <summary>Lets time pass in steps until the device connects again.</summary>
    public Task<FakeSession> AdvanceUntilConnectedAsync(TimeSpan step) => AdvanceUntilAsync(Cloud.AcceptAsync().AsTask(), step);

    /// <summary>Lets time pass in steps until that has happened.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> wanted, TimeSpan step)
    {
        while (!wanted.IsCompleted) // it has a deadline
        {
            Time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }

        return await wanted;
    }

    /// <summary>Begins an utterance as the recorder does.</summary>
    public SpoolWriter Begin()
    {
        var number = _install.NextSequenceNumber;
        var start = new UtteranceStart
        {
            UtteranceId = _install.UtteranceIds.Next(Time.GetUtcNow()).ToString(),
            SequenceNumber = number,
            Source = $"{number}.wav",
        };
        var writer = Spool.TryCreate(start).ShouldNotBeNull();
        _install.UseSequenceNumber(number);
        Spool.Announce(writer.Entry);
        return writer;
    }

    /// <summary>A whole utterance.</summary>
    public (string Id, byte[] Pcm) Record(int length)
    {
        using var writer = Begin();
        var pcm = new byte[length];
        new Random(length).NextBytes(pcm);
        writer.Append(pcm);
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        return (writer.Entry.Id, pcm);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        foreach (var entry in Spool.Snapshot())
        {
            entry.CloseReader();
        }

        _folder.Dispose();
    }
}
