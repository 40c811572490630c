using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Uplink;
using Fleet.Testing.Time;
using Fleet.V1;

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
    private UplinkRun _run = null!; // set by Start
    private SpoolWriter? _writer;

    public RestartableAgent(int seed, FakeTimeProvider time, ScriptedCloud cloud)
    {
        _time = time;
        _cloud = cloud;
        _random = new Random(seed + 1);
        Start();
    }

    public UtteranceSpool Spool => _run.Spool;

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
        _run = new UplinkRun(
            _folder.Path, _cloud, _time, new UplinkOptions { MaxUtterance = TimeSpan.FromSeconds(2) }, new SpoolOptions(), _random.NextDouble);
        var (uplink, stopping) = (_run.Uplink, _stopping.Token);
        _running = Task.Run(() => uplink.RunAsync(stopping), CancellationToken.None);
    }

    private void Begin()
    {
        _writer = _run.Begin();
        Spoken[_writer.Entry.SequenceNumber] = [];
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
        _run.CloseFiles();
        _stopping.Dispose();
    }
}
