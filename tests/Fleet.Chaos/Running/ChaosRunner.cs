using System.Globalization;
using Fleet.Chaos.Ledgers;
using Fleet.Chaos.Parts;
using Fleet.Chaos.Schedule;
using Fleet.Chaos.Verdict;
using Fleet.Cli.Local.Install;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Terminal;
using Fleet.Cli.Local.Up;

namespace Fleet.Chaos.Running;

/// <summary>One run: start, break, heal, drain, compare, tell.</summary>
internal sealed class ChaosRunner(ChaosOptions options, TextWriter output, TimeProvider time)
{
    private const int Clean = 0;
    private const int Found = 1;
    private const int NotRun = 2;

    private static readonly TimeSpan _statusInterval = TimeSpan.FromSeconds(10);

    private readonly Progress _progress = new(output, time);

    /// <returns>Exit code.</returns>
    public async Task<int> RunAsync()
    {
        var schedule = options.OnlySilos
            ? SiloFaults.Create(options.Seed, options.Length, options.Silos, rollFirst: options.UpgradeFrom is not null)
            : FaultSchedule.Create(options.Seed, options.Length, options.Agents, options.Silos);
        if (options.OnlySchedule)
        {
            foreach (var fault in schedule)
            {
                _progress.Print(string.Create(CultureInfo.InvariantCulture, $"{fault.At.TotalSeconds,7:0.0} s  {FaultNames.Describe(fault)}"));
            }

            return Clean;
        }

        var recordings = Recordings();
        if (recordings.Count == 0)
        {
            _progress.Print($"There is no *.wav at {options.Play}: give --play a WAV file or a folder of them.");
            return NotRun;
        }

        using var signals = new StopSignals(time);
        try
        {
            using var folder = new WorkFolder(options.Keep);
            try
            {
                return await RunAsync(folder, schedule, recordings, signals.Stop);
            }
            catch
            {
                folder.IsWorthALook = true;
                throw;
            }
            finally
            {
                if (folder.IsKept)
                {
                    _progress.Print($"Logs, ledgers and spools: {folder.Path}");
                }
            }
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            _progress.Print("Stopped before the end: no verdict.");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidOperationException or TimeoutException
            or PostgresStartException or Npgsql.NpgsqlException or System.ComponentModel.Win32Exception)
        {
            _progress.Print($"The run could not be ended: {ex.Message}");
        }

        _progress.Print($"To repeat: {options.Repeat}");
        return NotRun;
    }

    private List<string> Recordings() => Directory.Exists(options.Play)
        ? [.. Directory.EnumerateFiles(options.Play, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : File.Exists(options.Play) ? [options.Play] : [];

    private async Task<int> RunAsync(WorkFolder folder, IReadOnlyList<Fault> schedule, List<string> recordings, CancellationToken cancellationToken)
    {
        if (!await new AptInstaller(Path.Combine(folder.Logs, "apt.log"), Narrator.ForConsole(), time).EnsureAsync(forTests: false, cancellationToken))
        {
            return NotRun;
        }

        _progress.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {options.Seed}: {options.Devices} devices in {options.Agents} agents, {options.Silos} {(options.Silos == 1 ? "silo" : "silos")}, {schedule.Count} faults in {options.Length.TotalSeconds:0} s, {recordings.Count} recordings."));
        await using var fleet = await ChaosFleet.StartAsync(
            folder, options, recordings, time, cancellationToken);
        var points = await FaultPoints.AskAsync(fleet.Programs, cancellationToken);
        var causes = new LossCauses(AgentPart.PrefixOf(0), hasSmallSpool: fleet.Disk is null);
        var findings = new Findings();
        if (fleet.Disk is null)
        {
            findings.Notes.Add("No disk was filled: this user may not mount a tmpfs. The first agent's spool was bounded to 1 MiB a device instead.");
        }

        if (points.Count == 0)
        {
            findings.Notes.Add("No fault point was passed: this silo has none.");
        }

        _progress.Say($"all parts run; disk full: {(fleet.Disk is null ? "not possible here, a small spool instead" : "a tmpfs of its own for agent 1")}; fault points: {points.Count}");
        var injector = new FaultInjector(fleet, causes, points, _progress, time);
        await BreakAsync(fleet, injector, schedule, cancellationToken);

        injector.Heal();
        var waiting = await new Drain(fleet, folder, options.DrainLimit, _progress, time).RunAsync(cancellationToken);
        var acks = await CompareAsync(fleet, folder, causes, waiting, findings, cancellationToken);
        return Tell(folder, injector, findings, AckGaps.Longest(acks, injector.Spans));
    }

    private async Task BreakAsync(ChaosFleet fleet, FaultInjector injector, IReadOnlyList<Fault> schedule, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var status = TellStatusAsync(fleet, ending.Token);
        try
        {
            await Task.WhenAll(injector.RunAsync(schedule, cancellationToken), Task.Delay(options.Length, time, cancellationToken));
        }
        finally
        {
            await ending.CancelAsync();
            await status;
        }
    }

    private async Task TellStatusAsync(ChaosFleet fleet, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_statusInterval, time, cancellationToken);
                var files = fleet.Agents.Sum(agent => agent.Waiting().Count);
                try
                {
                    var (rows, waiting, lost) = await RowReader.CountAsync(fleet.ConnectionString + ";Timeout=2;Command Timeout=2", cancellationToken);
                    _progress.Say($"   {rows} stored, {waiting} of them wait for a transcript, {lost} lost, {files} in spools");
                }
                catch (Exception ex) when (ex is Npgsql.NpgsqlException or TimeoutException or InvalidOperationException)
                {
                    _progress.Say($"   the database is away, {files} in spools");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The faults are over.
        }
    }

    /// <returns>When utterances were stored.</returns>
    private async Task<IReadOnlyCollection<DateTimeOffset>> CompareAsync(
        ChaosFleet fleet, WorkFolder folder, LossCauses causes, IReadOnlyList<string> waiting, Findings findings, CancellationToken cancellationToken)
    {
        var ledgers = Ledger.ReadFolder(folder.Ledgers);
        var comparison = new Comparison(ledgers, causes, findings);
        var acks = new List<DateTimeOffset>();
        await foreach (var row in RowReader.ReadAsync(fleet.ConnectionString, cancellationToken))
        {
            comparison.Add(row);
            acks.Add(row.ReceivedAt);
        }

        comparison.Complete(waiting);
        await new AccountsCheck(fleet, _progress, time).RunAsync(comparison.Expected, findings, cancellationToken);
        if (ledgers.Sum(ledger => ledger.Starts) < options.Devices)
        {
            findings.Add(Bad.LedgerDamaged, $"{options.Devices - ledgers.Count} devices have no ledger");
        }

        return acks;
    }

    private int Tell(WorkFolder folder, FaultInjector injector, Findings findings, IReadOnlyDictionary<string, TimeSpan> ackGaps)
    {
        folder.IsWorthALook = !findings.IsClean;
        _progress.Print("");
        foreach (var what in findings.Cases)
        {
            _progress.Print(what);
        }

        _progress.Print(ReportTable.Create(injector.Hits, findings, ackGaps));
        _progress.Print(findings.IsClean ? $"Seed {options.Seed}: clean." : $"Seed {options.Seed}: NOT clean. To repeat: {options.Repeat}");
        return findings.IsClean ? Clean : Found;
    }
}
