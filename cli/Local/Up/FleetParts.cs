using System.Globalization;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Supervision;
using Npgsql;

namespace Fleet.Cli.Local.Up;

/// <summary>The parts of a local fleet in the order of their start; they stop in the reverse order.</summary>
internal sealed class FleetParts(
    UpOptions options, LocalPorts ports, LocalSecrets secrets, FleetPrograms programs, HttpClient http, TimeProvider timeProvider)
{
    private readonly LocalPaths _paths = options.Paths;

    public string DashboardAddress => Loopback(ports.Dashboard);

    public string GrpcAddress => Loopback(ports.Grpc);

    public string HealthAddress => Loopback(ports.Health);

    public string ScoringAddress => Loopback(ports.Scoring) + "/score";

    public PostgresPart CreatePostgres(PostgresPasswords passwords) => new(
        PartNames.Postgres,
        new PostgresClusterOptions
        {
            Folder = _paths.PostgresFolder(),
            Passwords = passwords,
            Port = ports.Postgres,
            MaxConnections = 200,
        },
        _paths.LogFile(PartNames.Postgres),
        timeProvider);

    public ProgramPart CreateScoring() => Program(
        PartNames.Scoring, FleetPrograms.Scoring, [], after: [], Loopback(ports.Scoring) + "/ready", TimeSpan.FromSeconds(15), new()
        {
            ["Fleet__ScoringServer__Listen"] = EndPoint(ports.Scoring),
            ["Fleet__ScoringServer__KeyFile"] = secrets.ScoringKeyFile,
        });

    public ProgramPart CreateSilo(PostgresCluster cluster) => Program(
        PartNames.Silo, FleetPrograms.Silo, [], after: [PartNames.Postgres], HealthAddress + "/healthz/ready", TimeSpan.FromSeconds(35), new()
        {
            ["Fleet__Runtime"] = "embedded",
            ["Fleet__Grpc__Listen"] = EndPoint(ports.Grpc),
            ["Fleet__Http__Listen"] = EndPoint(ports.Health),
            ["Fleet__Database__ConnectionString"] = WithoutPassword(cluster.OwnerConnectionString()),
            ["Fleet__Database__PasswordFile"] = secrets.PostgresOwnerFile,
            ["Fleet__Credentials__JoinKeyFile"] = secrets.JoinKeyFile,
            ["Fleet__Credentials__ApiKeyFile"] = secrets.ApiKeyFile,
            ["Fleet__Scoring__Endpoint"] = ScoringAddress,
            ["Fleet__Scoring__KeyFile"] = secrets.ScoringKeyFile,
        });

    public ProgramPart CreateDashboard(PostgresCluster cluster) => Program(
        // Not after the silo: it waits for the schema by itself, and so both start at the same time.
        PartNames.Dashboard, FleetPrograms.Dashboard, [], after: [PartNames.Postgres], DashboardAddress + "/healthz/ready", TimeSpan.FromSeconds(15), new()
        {
            ["Fleet__Dashboard__Listen"] = EndPoint(ports.Dashboard),
            ["Fleet__Dashboard__PasswordFile"] = secrets.DashboardHashFile,
            ["Fleet__Dashboard__KeysFolder"] = _paths.DashboardKeys,
            ["Fleet__Database__ConnectionString"] = WithoutPassword(cluster.DashboardConnectionString()),
            ["Fleet__Database__PasswordFile"] = secrets.PostgresDashboardFile,
            ["Fleet__Api__Address"] = GrpcAddress,
            ["Fleet__Api__KeyFile"] = secrets.ApiKeyFile,
        });

    /// <param name="areOnline">True once all devices have a session.</param>
    /// <param name="onLine">Gets what the agents write, transcripts among it.</param>
    public ProgramPart CreateAgents(Func<CancellationToken, Task<bool>> areOnline, Action<OutputLine> onLine)
    {
        List<string> arguments =
        [
            "--server", GrpcAddress, "--key-file", secrets.JoinKeyFile, "--state-dir", _paths.Agents, "--play", options.Play,
            "--simulate", options.Devices.ToString(CultureInfo.InvariantCulture),
            "--speed", options.Speed.ToString(CultureInfo.InvariantCulture),
        ];
        if (options.Loop)
        {
            arguments.Add("--loop");
        }

        if (options.PauseSeconds > 0)
        {
            arguments.AddRange(["--pause", options.PauseSeconds.ToString(CultureInfo.InvariantCulture)]);
        }

        return new ProgramPart(
            new ProgramPartOptions
            {
                Name = PartNames.Agents,
                Command = programs.Command(FleetPrograms.DeviceAgent, arguments, Environment([]), onLine),
                LogFile = _paths.LogFile(PartNames.Agents),
                After = [PartNames.Scoring, PartNames.Silo, PartNames.Dashboard],
                MayFinish = true,
                Probe = areOnline,
                StopTimeout = TimeSpan.FromSeconds(20),
            },
            timeProvider);
    }

    private static string EndPoint(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static string Loopback(int port) => "http://" + EndPoint(port);

    private static string WithoutPassword(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Password = null }.ConnectionString;

    private static Dictionary<string, string?> Environment(Dictionary<string, string?> ours)
    {
        // A server address in the user's own environment would make a part listen elsewhere.
        foreach (var name in new[] { "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "URLS" })
        {
            ours[name] = null;
        }

        ours["DOTNET_NOLOGO"] = "1";
        return ours;
    }

    private ProgramPart Program(
        string name,
        string project,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> after,
        string readyAddress,
        TimeSpan stopTimeout,
        Dictionary<string, string?> environment) => new(
        new ProgramPartOptions
        {
            Name = name,
            Command = programs.Command(project, arguments, Environment(environment)),
            LogFile = _paths.LogFile(name),
            After = after,
            Probe = cancellationToken => AnswersAsync(readyAddress, cancellationToken),
            StopTimeout = stopTimeout,
        },
        timeProvider);

    private async Task<bool> AnswersAsync(string address, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(address, cancellationToken);
        return response.IsSuccessStatusCode;
    }
}
