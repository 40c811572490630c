using System.Globalization;
using System.Net;
using Fleet.Chaos.Network;
using Fleet.Chaos.Running;
using Fleet.Chaos.Schedule;
using Fleet.Chaos.Speech;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Npgsql;

namespace Fleet.Chaos.Parts;

/// <summary>The parts of a run and the links between them.</summary>
internal sealed class ChaosFleet : IAsyncDisposable
{
    // Without root there is no file system of a known size: the spool's bound takes its place.
    private const int SmallSpoolMib = 1;

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(200);

    private readonly FleetPrograms _programs = new(AppContext.BaseDirectory);
    private readonly FleetPrograms _firstPrograms;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Guardian _guardian = new();
    private readonly WorkFolder _folder;
    private readonly TimeProvider _time;
    private readonly LocalSecrets _secrets;
    private readonly int _scoringPort = FreePort.Any();
    private readonly List<SiloPart> _silos = [];
    private readonly List<AgentPart> _agents = [];

    private ChaosFleet(WorkFolder folder, string? upgradeFrom, TimeProvider time)
    {
        _firstPrograms = upgradeFrom is null ? _programs : ChaosCommand.ProgramsIn(upgradeFrom);
        _folder = folder;
        _time = time;
        _secrets = new LocalSecrets(folder.Secrets);
        Disk = SmallDisk.TryMount(Path.Combine(folder.Agents, AgentPart.PrefixOf(0)), _guardian);
    }

    public KeptPostgres Postgres { get; private set; } = null!; // set by StartAsync

    public KeptProgram Scoring { get; private set; } = null!; // set by StartAsync

    public IReadOnlyList<SiloPart> Silos => _silos;

    public TcpLink DatabaseLink { get; private set; } = null!; // set by StartAsync

    public IReadOnlyList<AgentPart> Agents => _agents;

    /// <summary>Of the first agent; null where this user may not mount.</summary>
    public SmallDisk? Disk { get; }

    public Guardian Guardian => _guardian;

    public Uri SiloAddress => new(Loopback(_silos[0].GrpcPort));

    public FleetPrograms Programs => _programs;

    /// <summary>Straight to the server, past the link.</summary>
    public string ConnectionString => Postgres.Cluster.OwnerConnectionString() + ";Pooling=false";

    public static async Task<ChaosFleet> StartAsync(
        WorkFolder folder, ChaosOptions options, IReadOnlyList<string> recordings, TimeProvider time, CancellationToken cancellationToken)
    {
        var fleet = new ChaosFleet(folder, options.UpgradeFrom, time);
        try
        {
            await fleet.StartServersAsync(options.Silos, cancellationToken);
            fleet.CreateAgents(options.Devices, options.Agents, recordings, options.Rate, options.Seed);
            fleet._agents.ForEach(agent => agent.Program.Start());
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public Task<string> ApiKeyAsync(CancellationToken cancellationToken) => _secrets.ApiKeyAsync(cancellationToken);

    /// <summary>Whether this silo says within the limit that it is ready.</summary>
    public async Task<bool> IsReadyWithinAsync(SiloPart silo, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var begun = _time.GetTimestamp(); _time.GetElapsedTime(begun) < limit;)
        {
            if (await AnswersAsync(ReadyAddress(silo), cancellationToken))
            {
                return true;
            }

            await Task.Delay(_poll, _time, cancellationToken);
        }

        return false;
    }

    /// <summary>Waits until silos and scoring server say that they are ready.</summary>
    public async Task WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        foreach (var address in _silos.Select(ReadyAddress).Prepend(Loopback(_scoringPort) + "/ready"))
        {
            while (!await AnswersAsync(address, either.Token))
            {
                try
                {
                    await Task.Delay(_poll, _time, either.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new TimeoutException(string.Create(
                        CultureInfo.InvariantCulture, $"{address} is not ready after {limit.TotalSeconds:0} s; logs: {_folder.Logs}"));
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }

        foreach (var part in _silos.Cast<IAsyncDisposable?>().Concat([Scoring, Postgres, DatabaseLink]))
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        Disk?.Dispose();
        _guardian.Dispose();
        _http.Dispose();
    }

    private static string EndPoint(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static string Loopback(int port) => "http://" + EndPoint(port);

    private static string ReadyAddress(SiloPart silo) => Loopback(silo.HealthPort) + "/healthz/ready";

    private async Task StartServersAsync(int silos, CancellationToken cancellationToken)
    {
        await _secrets.EnsureAsync(cancellationToken);
        Postgres = new KeptPostgres(
            new PostgresClusterOptions
            {
                Folder = _folder.Database,
                Passwords = await _secrets.PostgresAsync(cancellationToken),
                Port = FreePort.Any(),
            },
            LogFile("postgres"),
            _guardian,
            _time);
        await Postgres.StartAsync(cancellationToken);
        DatabaseLink = new TcpLink(new IPEndPoint(IPAddress.Loopback, Postgres.Cluster.Port), _time);
        Scoring = new KeptProgram("scoring", () => Program(FleetPrograms.Scoring, new()
        {
            ["Fleet__ScoringServer__Listen"] = EndPoint(_scoringPort),
            ["Fleet__ScoringServer__KeyFile"] = _secrets.ScoringKeyFile,
        }), LogFile("scoring"), _guardian, _time);
        Scoring.Start();
        for (var index = 0; index < silos; index++)
        {
            var silo = new SiloPart(index, silos, part => Program(FleetPrograms.Silo, SiloEnvironment(part), part.IsUpgraded ? _programs : _firstPrograms), LogFile(SiloPart.NameOf(index, silos)), _guardian, _time);
            _silos.Add(silo);
            silo.Program.Start();
        }

        await WaitUntilReadyAsync(TimeSpan.FromSeconds(90), cancellationToken);
    }

    private Dictionary<string, string?> SiloEnvironment(SiloPart silo) => new(silo.Environment)
    {
        ["Fleet__Database__ConnectionString"] = new NpgsqlConnectionStringBuilder(Postgres.Cluster.OwnerConnectionString())
        {
            Password = null,
            Port = DatabaseLink.Port,
        }.ConnectionString,
        ["Fleet__Database__PasswordFile"] = _secrets.PostgresOwnerFile,
        ["Fleet__Credentials__JoinKeyFile"] = _secrets.JoinKeyFile,
        ["Fleet__Credentials__ApiKeyFile"] = _secrets.ApiKeyFile,
        ["Fleet__Scoring__Endpoint"] = Loopback(_scoringPort) + "/score",
        ["Fleet__Scoring__KeyFile"] = _secrets.ScoringKeyFile,
    };

    private void CreateAgents(int devices, int agents, IReadOnlyList<string> recordings, double rate, ulong seed)
    {
        var random = new SeededRandom(seed ^ 0x5350_4545_4348); // not the numbers of the schedule
        var every = Math.Max(SpeechFolder.PauseSeconds, (devices / rate) - SpeechFolder.AverageSeconds(recordings));
        for (var index = 0; index < agents; index++)
        {
            var share = (devices / agents) + (index < devices % agents ? 1 : 0);
            SpeechFolder.Make(Path.Combine(_folder.Speech, AgentPart.PrefixOf(index)), recordings, share, every, random);
            IReadOnlyList<string> small = index == 0 && Disk is null ? ["--spool-mib", SmallSpoolMib.ToString(CultureInfo.InvariantCulture)] : [];
            _agents.Add(new AgentPart(
                index, share, _folder, index == 0 ? Disk : null, (play, more) => AgentCommand(play, [.. small, .. more]), _guardian, _time));
        }
    }

    private ChildProcessOptions AgentCommand(string play, IReadOnlyList<string> more) => _firstPrograms.Command(
        FleetPrograms.DeviceAgent,
        [
            "--server", string.Join(',', _silos.Select(silo => Loopback(silo.DeviceLink.Port))), "--key-file", _secrets.JoinKeyFile, "--play", play,
            "--pause", SpeechFolder.PauseSeconds.ToString(CultureInfo.InvariantCulture), "--stop-timeout", "90", .. more,
        ],
        Environment([]));

    private ChildProcessOptions Program(string project, Dictionary<string, string?> environment, FleetPrograms? programs = null) =>
        (programs ?? _programs).Command(project, [], Environment(environment));

    private static Dictionary<string, string?> Environment(Dictionary<string, string?> ours)
    {
        // A server address in the user's own environment would make a part listen elsewhere.
        foreach (var name in new[] { "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "URLS" })
        {
            ours[name] = null;
        }

        return ours;
    }

    private string LogFile(string part) => Path.Combine(_folder.Logs, part + ".log");

    private async Task<bool> AnswersAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(address, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception ex) when (ex is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
