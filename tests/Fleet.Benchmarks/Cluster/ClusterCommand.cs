using System.Globalization;
using Fleet.Benchmarks.Connections;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.Benchmarks.Ingest;

namespace Fleet.Benchmarks.Cluster;

/// <summary>What the Orleans runtime costs against the embedded one, what a rolling restart does to acks, and what an actor weighs.</summary>
internal static class ClusterCommand
{
    public const string Usage =
        """
              --quick             one short round of rates: about a minute
              --part NAME         only this part: rate, roll, actors (repeatable)
              --rounds N          rounds (3; 1 to 100)
              --seconds N         length of one measurement (4; 0.5 to 8)
              --silos N           most silos of a cluster (3; 1 to 9)
              --devices N         devices (24; 1 to 1000)
              --pace N            utterances a second while latencies are measured (60; 1 to 1000)
              --actors N          devices whose actors are activated (100000; 100 to 1000000)
        """;

    private const int AudioBytes = 96_000;
    private const int ActorsStep = 1_000;
    private const int RollMilliseconds = 20_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = ClusterOptions.Parse(args);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores; utterances of {AudioBytes:N0} bytes; load average {Machine.LoadAverage()}"));
        Console.CancelKeyPress += static (_, _) => Environment.Exit(130);
        await using var system = await ClusterSystem.StartAsync();
        ClusterReport report = new();
        if (options.Has("rate"))
        {
            await RatesAsync(system, options, report);
        }

        if (options.Has("roll"))
        {
            await RollAsync(system, options, report);
        }

        if (options.Has("actors"))
        {
            await ActorsAsync(system, options, report, isCluster: false);
            await ActorsAsync(system, options, report, isCluster: true);
        }

        Progress("");
        Console.WriteLine();
        Console.WriteLine(report.Write());
        Console.WriteLine($"Load average at the end {Machine.LoadAverage()}");
        return report.Rolls.Any(static roll => roll.Waiting > 0) ? 1 : 0;
    }

    private static async Task RatesAsync(ClusterSystem system, ClusterOptions options, ClusterReport report)
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn <= options.MostSilos; turn++)
            {
                var silos = (turn + round) % (options.MostSilos + 1);
                Progress(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {options.Rounds}: {(silos == 0 ? "embedded" : $"{silos} of a cluster")}"));
                await system.StartSilosAsync(Math.Max(1, silos), isCluster: silos > 0);
                await using var devices = await ConnectAsync(system, options.Devices, $"rate{round}x{silos}");
                var milliseconds = (int)options.Measurement.TotalMilliseconds;
                await AskAsync(devices, new DevicesOrder(DevicesAction.Flood) { Devices = options.Devices, Milliseconds = 1_500 });
                var flood = await AskAsync(devices, new DevicesOrder(DevicesAction.Flood) { Devices = options.Devices, Milliseconds = milliseconds });
                var paced = await AskAsync(devices, new DevicesOrder(DevicesAction.Paced) { Devices = options.Devices, Milliseconds = milliseconds, Count = options.Pace });
                report.AddRate(silos, flood, paced);
            }
        }

        report.Pace = options.Pace;
    }

    private static async Task RollAsync(ClusterSystem system, ClusterOptions options, ClusterReport report)
    {
        Progress("rolling restart");
        await system.StartSilosAsync(Math.Max(2, options.MostSilos), isCluster: true);
        await using var devices = await ConnectAsync(system, options.Devices, "roll");
        await AskAsync(devices, new DevicesOrder(DevicesAction.Flood) { Devices = options.Devices, Milliseconds = 1_500 });
        var paced = new DevicesOrder(DevicesAction.Paced) { Devices = options.Devices, Milliseconds = RollMilliseconds, Count = options.Pace / 2, SinceSpoken = true };
        report.Rolls.Add(await AskAsync(devices, paced));
        foreach (var silo in system.Silos)
        {
            Progress($"rolling restart: {silo.Name}");
            var measured = AskAsync(devices, paced);
            await ClusterSystem.RestartAsync(silo);
            report.Rolls.Add(await measured);
        }
    }

    private static async Task ActorsAsync(ClusterSystem system, ClusterOptions options, ClusterReport report, bool isCluster)
    {
        await system.StartSilosAsync(1, isCluster);
        await using var actors = PeerProcess.Start(Own("actors"), server: false);
        // What code and pools take is not an actor's.
        var order = new ConnectionsOrder(system.Addresses, system.JoinKeyFile, null, ActorsStep);
        var answer = await actors.AskAsync<ConnectionsAnswer>(PeerJson.Write(order));
        var (before, first) = (ProcessMemory.ResidentMiB(system.Silos[0].ProcessId), answer.Open);
        var started = TimeProvider.System.GetTimestamp();
        while (answer.Open < options.Actors)
        {
            answer = await actors.AskAsync<ConnectionsAnswer>(PeerJson.Write(order with { More = Math.Min(ActorsStep, options.Actors - answer.Open) }));
            Progress(string.Create(CultureInfo.InvariantCulture, $"{answer.Open:N0} actors, {(isCluster ? "cluster" : "embedded")}"));
            if (answer.Error is { } error)
            {
                throw new UsageException($"No more than {answer.Open} actors could be activated: {error}");
            }
        }

        report.Actors.Add(new ActorsResult(
            isCluster, answer.Open, before, ProcessMemory.ResidentMiB(system.Silos[0].ProcessId), first, TimeProvider.System.GetElapsedTime(started)));
    }

    private static async Task<PeerProcess> ConnectAsync(ClusterSystem system, int count, string name)
    {
        var devices = PeerProcess.Start(new PeerKind("devices", "dotnet", [], [typeof(ClusterCommand).Assembly.Location, "ingest-devices"], new Dictionary<string, string>()), server: false);
        await AskAsync(devices, new DevicesOrder(DevicesAction.Connect)
        {
            Address = system.Addresses, KeyFile = system.JoinKeyFile, AudioBytes = AudioBytes, Devices = count, Name = name,
        });
        return devices;
    }

    private static async Task<DevicesReport> AskAsync(PeerProcess devices, DevicesOrder order)
    {
        var report = await devices.AskAsync<DevicesReport>(PeerJson.Write(order));
        return report.Error is { } error && report.Stored == 0 && order.Action != DevicesAction.Connect ? throw new InvalidOperationException(error) : report;
    }

    private static PeerKind Own(string role) =>
        new(role, "dotnet", [], [typeof(ClusterCommand).Assembly.Location, "cluster-" + role], new Dictionary<string, string>());

    private static void Progress(string text)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Console.Error.Write($"\r{text,-78}");
        }
    }
}
