using System.Globalization;
using Fleet.Cli.Local.Down;
using Fleet.Cli.Local.Install;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Supervision;
using Fleet.Cli.Local.Terminal;
using Npgsql;

namespace Fleet.Cli.Local.Up;

/// <summary>`local up`: brings a fleet up on this machine, watches it, and takes it down again in order.</summary>
internal sealed class UpRunner(UpOptions options, FleetPrograms programs, Narrator narrator, TimeProvider timeProvider)
{
    private const string AdminUser = "admin";

    private readonly LocalPaths _paths = options.Paths;
    private readonly long _begun = timeProvider.GetTimestamp();
    private readonly DateTimeOffset _startedAt = timeProvider.GetUtcNow();

    /// <returns>Exit code.</returns>
    public async Task<int> RunAsync()
    {
        using var signals = new StopSignals(timeProvider);
        _paths.Create();
        using var launcherLock = LauncherLock.TryTake(_paths.LockFile);
        if (launcherLock is null)
        {
            var other = RunFile.Read(_paths.RunFile);
            narrator.Bad($"A fleet runs already{(other is null ? "" : $" (dashboard: {other.Addresses.Dashboard})")}. Stop it with: ./fleet down");
            return 1;
        }

        try
        {
            return await RunLockedAsync(signals);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            narrator.Say("Stopped.");
            return 0;
        }
        catch (Exception ex) when (ex is PortTakenException or PostgresStartException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            narrator.Bad(ex.Message);
            return 1;
        }
    }

    private async Task<int> RunLockedAsync(StopSignals signals)
    {
        if (Refusal() is { } refusal)
        {
            narrator.Bad(refusal);
            return 1;
        }

        if (!await new AptInstaller(_paths.LogFile("apt"), narrator, timeProvider).EnsureAsync(forTests: false, signals.Stop))
        {
            return 1;
        }

        if (RunFile.Read(_paths.RunFile) is { } last && Leftovers.Alive(last).Count > 0)
        {
            narrator.Warn("The last launcher was killed and left processes behind.");
            await new Leftovers(narrator, timeProvider).StopAsync(last, signals.Hurry);
        }

        if (options.ReadyFile is { } readyFile)
        {
            File.Delete(readyFile);
        }

        var secrets = new LocalSecrets(_paths.SecretsFolder);
        await secrets.EnsureAsync(signals.Stop);
        var newPassword = await new DashboardPasswordMaker(secrets).EnsureAsync(signals.Stop);
        using var reservations = new PortReservations();
        var ports = LocalPorts.Choose(options.Ports, LocalPorts.Load(_paths.PortsFile), reservations.TryTake);
        await ports.SaveAsync(_paths.PortsFile, signals.Stop);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var definitions = new FleetParts(options, ports, secrets, programs, http, timeProvider);
        using var api = new FleetApiClient(definitions.GrpcAddress, await secrets.ApiKeyAsync(signals.Stop), timeProvider);
        var postgres = definitions.CreatePostgres(await secrets.PostgresAsync(signals.Stop));
        List<IPart> parts = [postgres, definitions.CreateScoring(), definitions.CreateSilo(postgres.Cluster), definitions.CreateDashboard(postgres.Cluster)];
        if (options.Devices > 0)
        {
            parts.Add(definitions.CreateAgents(
                async cancellationToken => await api.CountOnlineAsync(cancellationToken) >= options.Devices,
                new TranscriptRelay(narrator).OnLine));
        }

        var recorder = new RunRecorder(_paths.RunFile, Describe(definitions, postgres, ports, secrets), secrets, parts);
        var events = new UpEvents(narrator, recorder.Save);
        await using var supervisor = new Supervisor(parts, events, new SupervisorOptions(), timeProvider);
        recorder.Save();
        try
        {
            return await StartAndWatchAsync(supervisor, events, recorder, definitions, secrets, api, newPassword, signals);
        }
        finally
        {
            recorder.SetPhase(RunPhase.Stopping);
            await supervisor.StopAsync(signals.Hurry);
            recorder.Remove();
        }
    }

    private async Task<int> StartAndWatchAsync(
        Supervisor supervisor,
        UpEvents events,
        RunRecorder recorder,
        FleetParts definitions,
        LocalSecrets secrets,
        FleetApiClient api,
        string? newPassword,
        StopSignals signals)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop);
        var firstTranscript = api.WaitForTranscriptAsync(watching.Token);
        try
        {
            await narrator.WithSpinnerAsync("starting", async setStatus =>
            {
                events.OnPending = pending => setStatus($"starting {pending}");
                await supervisor.StartAsync(signals.Stop);
                events.OnPending = null;
            });
            recorder.SetPhase(RunPhase.Running, timeProvider.GetUtcNow());
            TellAddresses(definitions, secrets, newPassword);
            await firstTranscript;
            narrator.Good($"the first transcript is stored, {Elapsed()} after the start");
            if (options.ReadyFile is { } readyFile)
            {
                await File.WriteAllTextAsync(readyFile, "", signals.Stop);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, signals.Stop);
            return 0;
        }
        catch (PartStartException ex)
        {
            narrator.Bad(ex.Message);
            return 1;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            narrator.Say("");
            narrator.Say("Stopping (once more Ctrl-C: at once) …");
            return 0;
        }
        finally
        {
            await watching.CancelAsync();
            await firstTranscript.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Why a start would be in vain, or null.</summary>
    private string? Refusal()
    {
        if (programs.Missing() is { Count: > 0 } missing)
        {
            return $"Not built: {string.Join(", ", missing)}. Run ./fleet up, which builds.";
        }

        if (options.Devices > 0 && !File.Exists(options.Play) && !Directory.Exists(options.Play))
        {
            return $"There is nothing to play at {options.Play}: give a WAV file or a folder of them with --play.";
        }

        return null;
    }

    private RunState Describe(FleetParts definitions, PostgresPart postgres, LocalPorts ports, LocalSecrets secrets)
    {
        var owner = new NpgsqlConnectionStringBuilder(postgres.Cluster.OwnerConnectionString());
        return new RunState
        {
            State = RunPhase.Starting,
            Flavour = programs.Flavour,
            StartedAt = _startedAt,
            Devices = options.Devices,
            Addresses = new RunAddresses(
                definitions.DashboardAddress,
                definitions.GrpcAddress,
                definitions.HealthAddress,
                definitions.ScoringAddress,
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports.Postgres}")),
            SignIn = new RunSignIn(AdminUser, Password: null, secrets.DashboardPasswordFile),
            Postgres = new RunPostgres(
                "127.0.0.1",
                ports.Postgres,
                PostgresRoles.Database,
                PostgresRoles.Owner,
                secrets.PostgresOwnerFile,
                owner.ConnectionString,
                string.Create(CultureInfo.InvariantCulture, $"postgresql://{PostgresRoles.Owner}:{owner.Password}@127.0.0.1:{ports.Postgres}/{PostgresRoles.Database}"),
                PostgresRoles.Dashboard,
                secrets.PostgresDashboardFile,
                secrets.PostgresSuperuserFile,
                _paths.PostgresFolder()),
            CredentialFiles = new RunCredentialFiles(
                secrets.JoinKeyFile, secrets.ApiKeyFile, secrets.ScoringKeyFile, secrets.DashboardPasswordFile, secrets.PostgresOwnerFile),
            Launcher = RunRecorder.DescribeSelf(),
            Processes = [],
            LogFolder = _paths.Logs,
        };
    }

    private void TellAddresses(FleetParts definitions, LocalSecrets secrets, string? newPassword)
    {
        narrator.Say("");
        narrator.Heading($"Fleet is up ({programs.Flavour} flavour), {Elapsed()} after the start.");
        narrator.Fact("dashboard", definitions.DashboardAddress);
        narrator.Fact("sign in", newPassword is null
            ? $"{AdminUser}, password in {secrets.DashboardPasswordFile} (a new one: ./fleet password)"
            : $"{AdminUser} / {newPassword}   (shown once; kept in {secrets.DashboardPasswordFile})");
        narrator.Fact("gRPC", $"{definitions.GrpcAddress}   join key: {secrets.JoinKeyFile}   API key: {secrets.ApiKeyFile}");
        narrator.Fact("scoring", definitions.ScoringAddress);
        narrator.Fact("all of it", $"{_paths.RunFile}   logs: {_paths.Logs}");
        narrator.Say("   Ctrl-C stops everything.");
        narrator.Say("");
    }

    private string Elapsed() => UpEvents.Seconds(timeProvider.GetElapsedTime(_begun));
}
