using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.Testing;
using Fleet.Testing.Deployment;

namespace Fleet.IntegrationTests.Deployment;

/// <summary>
/// Starts the services of docker-compose.yml as processes: the same programs, arguments and environment, but folders of a test for volumes and ports of
/// loopback for the names of services.
/// </summary>
internal sealed class ComposeRun : IDisposable
{
    private const string GrpcPort = "5100", HealthPort = "5101", ScoringPort = "5001", DashboardPort = "5080";

    private readonly ComposeFile _file = ComposeFile.Read(new Dictionary<string, string>
    {
        // One silo, as long as one build has no other runtime.
        ["FLEET_RUNTIME"] = "embedded",
        ["FLEET_DEMO_DEVICES"] = "2",
        ["FLEET_DEMO_PAUSE_SECONDS"] = "1",
        ["FLEET_SCORING_WORKERS"] = "1",
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-compose-").FullName;
    private readonly Func<string, string> _find;
    private readonly Dictionary<string, string> _ports;
    private readonly int _postgresPort;

    /// <param name="find">Where the program of an assembly's name is.</param>
    /// <param name="postgresPort">Where PostgreSQL listens.</param>
    public ComposeRun(Func<string, string> find, int postgresPort)
    {
        _find = find;
        _postgresPort = postgresPort;
        _ports = new[] { GrpcPort, HealthPort, ScoringPort, DashboardPort }.ToDictionary(port => port, _ => FreePort.Any().ToString(CultureInfo.InvariantCulture));
    }

    public Uri Dashboard => new($"http://127.0.0.1:{_ports[DashboardPort]}");

    public string Folder(string inContainer) => Local(inContainer);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The service's container, as compose starts it.</summary>
    public TestProgram Start(string service, params string[] more)
    {
        var definition = _file.Services[service];
        var entryPoint = definition["entrypoint"].Texts;
        if (entryPoint.Count == 0)
        {
            entryPoint = EntryPoint(definition["build"]["target"].Text);
        }

        return Start(definition, [.. entryPoint, .. definition["command"].Texts, .. more]);
    }

    /// <summary>The service's health check, as the engine runs it.</summary>
    public TestProgram AskHealth(string service)
    {
        var test = _file.Services[service]["healthcheck"]["test"].Texts;
        test[0].ShouldBe("CMD");
        return Start(_file.Services[service], test.Skip(1));
    }

    private static IReadOnlyList<string> EntryPoint(string target) =>
        [.. DockerStages.Read()[target].Single(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)).Split('"').Where((_, i) => i % 2 == 1)];

    private TestProgram Start(YamlTree service, IEnumerable<string> commandLine)
    {
        string[] words = [.. commandLine.Select(Local)];
        var environment = service["environment"].Entries.ToDictionary(variable => variable.Key, variable => (string?)Local(variable.Value.Text));
        return TestProgram.StartCommand(words[0], words[1..], environment, workingDirectory: _folder);
    }

    private string Local(string text)
    {
        if (text.StartsWith("/app/", StringComparison.Ordinal))
        {
            return _find(Path.GetFileNameWithoutExtension(text));
        }

        text = text.Replace("/run/fleet", Path.Combine(_folder, "keys"), StringComparison.Ordinal)
            .Replace("/var/lib/", _folder + "/data/", StringComparison.Ordinal)
            .Replace("/tmp/", _folder + "/tmp/", StringComparison.Ordinal)
            .Replace("/opt/fleet/samples", RepositoryPaths.Samples, StringComparison.Ordinal)
            .Replace("Host=postgres;Port=5432", $"Host=127.0.0.1;Port={_postgresPort}", StringComparison.Ordinal)
            .Replace("--host=postgres", "--host=127.0.0.1", StringComparison.Ordinal)
            .Replace("--port=5432", $"--port={_postgresPort}", StringComparison.Ordinal);
        foreach (var (port, free) in _ports)
        {
            text = text.Replace($"0.0.0.0:{port}", $"127.0.0.1:{free}", StringComparison.Ordinal)
                .Replace($"127.0.0.1:{port}", $"127.0.0.1:{free}", StringComparison.Ordinal)
                .Replace($"//silo:{port}", $"//localhost:{free}", StringComparison.Ordinal)
                .Replace($"//scoring:{port}", $"//127.0.0.1:{free}", StringComparison.Ordinal);
        }

        return text;
    }
}
