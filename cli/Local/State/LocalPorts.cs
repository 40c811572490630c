using System.Text.Json;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.State;

/// <summary>The ports of a local fleet. Those of the last run are taken again when they are free, so that bookmarks stay good.</summary>
internal sealed record LocalPorts(int Dashboard, int Grpc, int Health, int Scoring, int Postgres)
{
    public const int DefaultDashboard = 5080;
    public const int DefaultGrpc = 5100;
    public const int DefaultHealth = 5101;
    public const int DefaultScoring = 5001;

    /// <summary>Not 5432: that is the system's own cluster, which may be started after us.</summary>
    public const int DefaultPostgres = 55432;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static LocalPorts Defaults { get; } = new(DefaultDashboard, DefaultGrpc, DefaultHealth, DefaultScoring, DefaultPostgres);

    /// <summary>The ports of the last run, or null when there was none (or its file cannot be read).</summary>
    public static LocalPorts? Load(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<LocalPorts>(File.ReadAllText(file), _json);
        }
        catch (Exception ex) when (ex is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public Task SaveAsync(string file, CancellationToken cancellationToken) =>
        PrivateFile.WriteAsync(file, JsonSerializer.Serialize(this, _json), owner: null, cancellationToken);

    /// <summary>
    /// Chooses five different free ports: the one that was asked for (no other: its user relies on it), else the last one, the default, the next free.
    /// </summary>
    /// <param name="requested">What the user asked for.</param>
    /// <param name="last">The ports of the last run, if any.</param>
    /// <param name="tryTake">Says whether a port can be had and holds it if so (<see cref="PortReservations.TryTake"/>).</param>
    /// <exception cref="PortTakenException">A port that was asked for is taken.</exception>
    public static LocalPorts Choose(RequestedPorts requested, LocalPorts? last, Func<int, bool> tryTake)
    {
        var taken = new HashSet<int>();
        foreach (var port in new[] { requested.Dashboard, requested.Grpc, requested.Health, requested.Scoring, requested.Postgres })
        {
            if (port is { } number && (!taken.Add(number) || !tryTake(number)))
            {
                throw new PortTakenException(number);
            }
        }

        return new LocalPorts(
            One(requested.Dashboard, last?.Dashboard, DefaultDashboard),
            One(requested.Grpc, last?.Grpc, DefaultGrpc),
            One(requested.Health, last?.Health, DefaultHealth),
            One(requested.Scoring, last?.Scoring, DefaultScoring),
            One(requested.Postgres, last?.Postgres, DefaultPostgres));

        int One(int? asked, int? before, int byDefault)
        {
            var port = asked ?? FreePort.Choose(before is { } number ? [number, byDefault] : [byDefault], taken, tryTake);
            taken.Add(port);
            return port;
        }
    }
}
