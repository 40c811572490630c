using System.Diagnostics;
using System.Globalization;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.Cli.Local.Postgres;

namespace Fleet.Benchmarks.Ingest;

/// <summary>Devices talk in real time, the database goes away and comes back; how much memory does the silo take, and is everything there in the end?</summary>
internal sealed class OutageRun(IngestSystem system, PeerProcess devices, IngestOptions options, Action<string> progress)
{
    private const string Name = "talk";

    private static readonly TimeSpan _sampleInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _around = TimeSpan.FromSeconds(30);

    private readonly List<MemorySample> _samples = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    public async Task<OutageResult> RunAsync()
    {
        await devices.AskAsync<DevicesReport>(PeerJson.Write(new DevicesOrder(DevicesAction.Connect)
        {
            Address = system.Address, KeyFile = system.JoinKeyFile, Name = Name, AudioBytes = options.AudioBytes, InFlight = options.InFlight,
            Devices = options.Talkers,
        }));
        await AskAsync(DevicesAction.Talk);
        await SampleForAsync(OutagePhase.Before, _around);

        await system.Postgres.StopAsync(PostgresStopMode.Immediate, CancellationToken.None);
        await SampleForAsync(OutagePhase.Away, options.Outage);

        await system.Postgres.StartAsync(CancellationToken.None);
        var back = Stopwatch.GetTimestamp();
        TimeSpan? recovery = null;
        // In real time a device has two utterances on their way at most: then nothing is left of the backlog. As long again is patience enough.
        var patience = options.Outage + TimeSpan.FromMinutes(2);
        while (Stopwatch.GetElapsedTime(back) < patience)
        {
            var report = await SampleAsync(OutagePhase.Recovery);
            if (report.Waiting <= 2L * options.Talkers)
            {
                recovery = Stopwatch.GetElapsedTime(back);
                break;
            }
        }

        await SampleForAsync(OutagePhase.After, _around);
        await AskAsync(DevicesAction.Quiet);
        var last = await AskAsync(DevicesAction.Report);
        for (var quiet = Stopwatch.GetTimestamp(); last.Waiting > 0 && Stopwatch.GetElapsedTime(quiet) < patience;)
        {
            last = await SampleAsync(OutagePhase.After);
        }

        return new OutageResult(_samples, last.Spoken, await system.CountAsync(Name), last, recovery);
    }

    private async Task SampleForAsync(OutagePhase phase, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            await SampleAsync(phase);
        }
        while (Stopwatch.GetElapsedTime(start) < time);
    }

    private async Task<DevicesReport> SampleAsync(OutagePhase phase)
    {
        await Task.Delay(_sampleInterval, TimeProvider.System, CancellationToken.None);
        var report = await AskAsync(DevicesAction.Report);
        MemorySample sample = new(
            Stopwatch.GetElapsedTime(_start).TotalSeconds, phase, ProcessMemory.ResidentMiB(system.SiloProcessId), report.Waiting, report.BrokenSessions);
        _samples.Add(sample);
        progress(string.Create(CultureInfo.InvariantCulture, $"outage: {phase}, {sample.Seconds:F0} s, silo {sample.SiloMiB:F0} MiB, {sample.UtterancesWaiting} wait"));
        return report;
    }

    private Task<DevicesReport> AskAsync(DevicesAction action) => devices.AskAsync<DevicesReport>(PeerJson.Write(new DevicesOrder(action)));
}
