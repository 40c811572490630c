using Fleet.Benchmarks.GrpcCalls;

namespace Fleet.Benchmarks.Ingest;

/// <summary>The loads that take turns: flood by number of devices, the bare loop, the lone device, and half load after them.</summary>
internal sealed class IngestRounds(
    IngestSystem system, PeerProcess devices, PeerProcess bare, IngestOptions options, IngestResults results, Action<string> progress)
{
    private const int WarmUpMilliseconds = 1_500;
    private const int NoLimit = int.MaxValue;

    private int Milliseconds => (int)options.Measurement.TotalMilliseconds;

    /// <summary>Sessions of all devices, code compiled, tables no longer empty.</summary>
    public async Task PrepareAsync()
    {
        if (!options.Has("rate") && !options.Has("lone") && !options.Has("half"))
        {
            return;
        }

        progress("warming up");
        var most = Math.Max(options.Devices.Max(), options.Has("half") ? 64 : 1);
        await AskAsync(new DevicesOrder(DevicesAction.Connect)
        {
            Address = system.Address, KeyFile = system.JoinKeyFile, AudioBytes = options.AudioBytes, InFlight = options.InFlight, Devices = most,
        });
        for (var i = 0; i < 2; i++)
        {
            await AskAsync(new DevicesOrder(DevicesAction.Flood) { Devices = Math.Min(most, 64), Milliseconds = WarmUpMilliseconds });
            await AskAsync(new DevicesOrder(DevicesAction.Lone) { Count = 20 });
            await BareAsync(options.GroupRows, WarmUpMilliseconds, NoLimit);
            await BareAsync(1, WarmUpMilliseconds, 20);
        }
    }

    public async Task RunAsync(int halfLoadDevices)
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            progress($"round {round + 1} of {options.Rounds}");
            results.Syncs.Add(SyncProbe.Measure(system.Folder));
            if (options.Has("rate") || options.Has("half"))
            {
                await FloodsAsync(round);
            }

            if (options.Has("lone"))
            {
                await LoneAsync(round);
            }
        }

        if (options.Has("half"))
        {
            await HalfAsync(halfLoadDevices);
        }
    }

    private async Task FloodsAsync(int round)
    {
        List<Func<Task>> loads = [async () => results.Bare.Add(await BareAsync(options.GroupRows, Milliseconds, NoLimit))];
        foreach (var count in options.Devices)
        {
            loads.Add(async () =>
            {
                var report = await AskAsync(new DevicesOrder(DevicesAction.Flood) { Devices = count, Milliseconds = Milliseconds });
                results.Floods.TryAdd(count, []);
                results.Floods[count].Add(report);
            });
        }

        await TakeTurnsAsync(loads, round);
    }

    private Task LoneAsync(int round)
    {
        var utterances = Math.Max(1, options.LoneUtterances / options.Rounds);
        return TakeTurnsAsync(
            [
                async () => results.BareSingle.Add(await BareAsync(1, NoLimit / 2, utterances)),
                async () => results.Lone.Add(await AskAsync(new DevicesOrder(DevicesAction.Lone) { Count = utterances })),
            ],
            round);
    }

    private async Task HalfAsync(int deviceCount)
    {
        results.HalfTarget = results.Floods.Values.Max(static reports => Statistics.Median(reports.Select(static report => report.PerSecond))) / 2;
        results.HalfDevices = deviceCount;
        for (var round = 0; round < options.Rounds; round++)
        {
            progress($"half load, round {round + 1} of {options.Rounds}");
            results.Half.Add(await AskAsync(
                new DevicesOrder(DevicesAction.Paced) { Devices = deviceCount, Milliseconds = Milliseconds, Count = results.HalfTarget }));
        }
    }

    // Another first each round: what the machine does at the beginning must not always hit the same.
    private static async Task TakeTurnsAsync(List<Func<Task>> loads, int round)
    {
        for (var turn = 0; turn < loads.Count; turn++)
        {
            await loads[(turn + round) % loads.Count]();
        }
    }

    private async Task<DevicesReport> AskAsync(DevicesOrder order)
    {
        var report = await devices.AskAsync<DevicesReport>(PeerJson.Write(order));
        // Refused for now is an answer, too; an error without a row is none.
        return report.Error is { } error && report.Stored == 0 && order.Action != DevicesAction.Connect ? throw new InvalidOperationException(error) : report;
    }

    private async Task<BareReport> BareAsync(int rows, int milliseconds, int transactions)
    {
        var report = await bare.AskAsync<BareReport>(
            PeerJson.Write(new BareOrder(system.BareConnectionString, options.AudioBytes, rows, milliseconds, transactions)));
        return report.Error is { } error ? throw new InvalidOperationException($"The bare loop: {error}") : report;
    }
}
