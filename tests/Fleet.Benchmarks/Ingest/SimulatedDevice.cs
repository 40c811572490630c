using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Benchmarks.Ingest;

/// <summary>A device that speaks the protocol and costs little: a connection of its own, a spool of numbers, for ever a new session after a broken one.</summary>
internal sealed class SimulatedDevice : IAsyncDisposable
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(60);

    private readonly string _deviceId;
    private readonly string _key;
    private readonly DeviceTotals _totals;
    private readonly DeviceAudio _audio;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<GrpcChannel> _channels;
    private readonly string _installId = Guid.NewGuid().ToString("D");
    private readonly string _bootId = Guid.NewGuid().ToString("D");
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _turn;

    public SimulatedDevice(string deviceId, int turn, DevicesOrder order, string key, DeviceTotals totals, DeviceAudio audio, TimeProvider time)
    {
        _deviceId = deviceId;
        _key = key;
        _totals = totals;
        _audio = audio;
        _time = time;
        _turn = turn;
        _channels = [.. order.Address.Split(',').Select(static address => GrpcChannel.ForAddress(address))];
        Spool = new DeviceSpool(time, order.InFlight);
    }

    public DeviceSpool Spool { get; }

    /// <summary>Done when the first session is open.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var first = await OpenAsync(cancellationToken);
        _running = RunAsync(first);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }

    private Task<DeviceSession> OpenAsync(CancellationToken cancellationToken) => DeviceSession.OpenAsync(
        new DeviceIngest.DeviceIngestClient(_channels[_turn % _channels.Count]),
        _key,
        new Hello
        {
            ProtocolVersion = 1,
            DeviceId = _deviceId,
            InstallId = _installId,
            BootId = _bootId,
            AgentVersion = "benchmark",
            NextSequenceNumber = Spool.NextSequenceNumber,
            SettledBelow = Spool.SettledBelow,
        },
        Spool,
        _totals,
        _audio,
        _time,
        cancellationToken);

    private async Task RunAsync(DeviceSession? session)
    {
        var pause = _firstPause;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                session ??= await OpenAsync(_stop.Token);
                await using var open = session;
                pause = _firstPause;
                if (await SendUntilDrainedAsync(open))
                {
                    (session, _turn) = (null, _turn + 1);
                    continue;
                }
            }
            catch (OperationCanceledException)
            {
                // We stop, or the session is over, and its reader has told why.
            }
            catch (Exception exception) when (exception is RpcException or IOException or InvalidOperationException)
            {
                _totals.OnSessionBroken(exception.Message);
            }

            (session, _turn) = (null, _turn + 1);
            Spool.PutBack();
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = 2 * pause < _longestPause ? 2 * pause : _longestPause;
        }
    }

    /// <summary>True when the silo has asked to go elsewhere, and everything that was sent to it is answered.</summary>
    private async Task<bool> SendUntilDrainedAsync(DeviceSession session)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(session.Ended, _stop.Token);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, session.Draining);
        try
        {
            while (true)
            {
                await session.SendAsync(await Spool.TakeAsync(either.Token));
            }
        }
        catch (OperationCanceledException) when (session.Draining.IsCancellationRequested && !over.IsCancellationRequested)
        {
            await Spool.WaitUntilAnsweredAsync(over.Token);
            return true;
        }
    }
}
