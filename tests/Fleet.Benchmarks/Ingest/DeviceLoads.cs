namespace Fleet.Benchmarks.Ingest;

/// <summary>All devices of a process, and what they do at an order.</summary>
internal sealed class DeviceLoads(TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly DeviceTotals _totals = new();
    private readonly List<SimulatedDevice> _devices = [];
    private DeviceAudio _audio = new(0);
    private CancellationTokenSource _talk = new();
    private Task _talking = Task.CompletedTask;

    public Task RunAsync(DevicesOrder order)
    {
        if (order.Action is DevicesAction.Flood or DevicesAction.Lone or DevicesAction.Paced or DevicesAction.Talk)
        {
            _totals.Clear(order.SinceSpoken);
        }

        return order.Action switch
        {
            DevicesAction.Connect => ConnectAsync(order),
            DevicesAction.Flood => FloodAsync(_devices[..order.Devices], order),
            DevicesAction.Lone => LoneAsync(_devices[0], (int)order.Count),
            DevicesAction.Paced => PacedAsync(_devices[..order.Devices], order),
            DevicesAction.Talk => StartTalkingAsync(),
            DevicesAction.Quiet => StopTalkingAsync(),
            _ => Task.CompletedTask,
        };
    }

    public DevicesReport Report(TimeSpan elapsed)
    {
        var (p50, p99) = _totals.Acks.Microseconds();
        return new DevicesReport
        {
            Seconds = elapsed.TotalSeconds,
            Stored = _totals.Stored,
            Refused = _totals.Refused,
            BrokenSessions = _totals.BrokenSessions,
            Waiting = _devices.Sum(device => (long)device.Spool.Count),
            Spoken = _devices.Sum(device => (long)device.Spool.NextSequenceNumber - 1),
            P50Milliseconds = p50 / 1_000,
            P95Milliseconds = _totals.Acks.Microseconds(0.95) / 1_000,
            P99Milliseconds = p99 / 1_000,
            LongestMilliseconds = _totals.Acks.Microseconds(1) / 1_000,
            Error = _totals.LastError,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await StopTalkingAsync();
        _talk.Dispose();
        await DisconnectAsync();
    }

    private async Task DisconnectAsync()
    {
        foreach (var device in _devices)
        {
            await device.DisposeAsync();
        }

        _devices.Clear();
    }

    private async Task ConnectAsync(DevicesOrder order)
    {
        await DisconnectAsync();
        _audio = new DeviceAudio(order.AudioBytes);
        var key = (await File.ReadAllTextAsync(order.KeyFile)).Trim();
        for (var i = 0; i < order.Devices; i++)
        {
            SimulatedDevice device = new($"{order.Name}-{i + 1}", i, order, key, _totals, _audio, time);
            _devices.Add(device);
            await device.StartAsync(CancellationToken.None);
        }
    }

    private static async Task FloodAsync(IReadOnlyList<SimulatedDevice> devices, DevicesOrder order)
    {
        foreach (var device in devices)
        {
            device.Spool.SetEndless(true);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(order.Milliseconds), TimeProvider.System, CancellationToken.None);
        foreach (var device in devices)
        {
            device.Spool.SetEndless(false);
        }

        await WaitUntilEmptyAsync(devices);
    }

    private static async Task LoneAsync(SimulatedDevice device, int utterances)
    {
        for (var i = 0; i < utterances; i++)
        {
            device.Spool.Speak(isLive: false);
            await WaitUntilEmptyAsync([device]);
        }
    }

    private async Task PacedAsync(IReadOnlyList<SimulatedDevice> devices, DevicesOrder order)
    {
        var interval = TimeSpan.FromSeconds(devices.Count / order.Count);
        using CancellationTokenSource over = new(TimeSpan.FromMilliseconds(order.Milliseconds), time);
        await Task.WhenAll(devices.Select((device, index) => SpeakAsync(device, interval, index * interval / devices.Count, isLive: false, over.Token)));
        await WaitUntilEmptyAsync(devices);
    }

    private async Task StartTalkingAsync()
    {
        await StopTalkingAsync();
        _talk.Dispose();
        _talk = new CancellationTokenSource();
        var length = TimeSpan.FromSeconds((double)_audio.Pcm.Length / DeviceAudio.BytesPerSecond);
        _talking = Task.WhenAll(_devices.Select((device, index) => SpeakAsync(device, length, index * length / _devices.Count, isLive: true, _talk.Token)));
    }

    private async Task StopTalkingAsync()
    {
        await _talk.CancelAsync();
        await _talking;
    }

    private async Task SpeakAsync(SimulatedDevice device, TimeSpan interval, TimeSpan offset, bool isLive, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var i = 0; ; i++)
        {
            // By the clock, not by the end of the one before: a delay must not make the load smaller.
            var wait = offset + (i * interval) - time.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            device.Spool.Speak(isLive);
        }
    }

    private static async Task WaitUntilEmptyAsync(IReadOnlyList<SimulatedDevice> devices)
    {
        using CancellationTokenSource late = new(_patience);
        try
        {
            foreach (var device in devices)
            {
                await device.Spool.WaitUntilEmptyAsync(late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{devices.Sum(device => device.Spool.Count)} utterances were not acked within {_patience.TotalSeconds} s.");
        }
    }
}
