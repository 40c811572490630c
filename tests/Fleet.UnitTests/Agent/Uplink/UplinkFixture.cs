using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Transcripts;
using Fleet.DeviceAgent.Uplink;
using Fleet.Testing.Time;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>A device without ears: a real spool and a real uplink between the test's recordings and the test's cloud.</summary>
internal sealed class UplinkFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly UplinkRun _run;
    private Task _running = Task.CompletedTask;

    /// <param name="options">Of the uplink.</param>
    /// <param name="time">The clock of the device; null = one that is right.</param>
    /// <param name="earlierRun">What another run has left in the folder.</param>
    /// <param name="spool">Bounds of the spool.</param>
    public UplinkFixture(
        UplinkOptions? options = null, FakeTimeProvider? time = null, Action<string>? earlierRun = null, SpoolOptions? spool = null)
    {
        Time = time ?? new FakeTimeProvider();
        earlierRun?.Invoke(_folder.Path);
        _run = new UplinkRun(_folder.Path, Cloud, Time, options ?? new UplinkOptions(), spool ?? new SpoolOptions(), () => 0, Log, Output);
    }

    public FakeTimeProvider Time { get; }

    public Install Install => _run.Install;

    public string SpoolFolder => _folder.File("spool");

    public FakeCloud Cloud { get; } = new();

    public ListLogger Log { get; } = new();

    public StringWriter Output { get; } = new();

    public UtteranceSpool Spool => _run.Spool;

    public TranscriptTracker Transcripts => _run.Transcripts;

    public SendQueue Queue => _run.Queue;

    public DeviceUplink Uplink => _run.Uplink;

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
        session.Welcome(creditBytes, serverTime: Time.GetUtcNow());
        await Log.WaitForAsync("Connected to silo");
        return session;
    }

    /// <summary>The link breaks; the device connects again, to a cloud that can do this.</summary>
    public async Task<FakeSession> ReconnectAsync(FakeSession session, params string[] capabilities)
    {
        session.Fail(IngestFault.Unavailable);
        var next = await AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        await next.HelloAsync();
        next.Welcome(serverTime: Time.GetUtcNow(), capabilities: capabilities);
        return next;
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

    /// <summary>Done when nothing waits in the spool any more.</summary>
    public Task EmptyAsync() => Spool.WhenEmptyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Done when this is so; time stands still meanwhile.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > TimeSpan.FromSeconds(10))
            {
                throw new TimeoutException($"Waited in vain for {what}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Begins an utterance as the recorder does.</summary>
    public SpoolWriter Begin() => _run.Begin();

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
        _run.CloseFiles();
        _folder.Dispose();
    }
}
