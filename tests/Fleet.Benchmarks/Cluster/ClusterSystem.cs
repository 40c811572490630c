using System.Globalization;
using Fleet.Benchmarks.Ingest;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.Testing;

namespace Fleet.Benchmarks.Cluster;

/// <summary>A PostgreSQL server with its defaults, and as many silos as are asked for, one after the other: embedded or of a cluster.</summary>
internal sealed class ClusterSystem : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _stopLimit = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly PostgresCluster _postgres;
    private readonly List<ClusterMember> _silos = [];

    private ClusterSystem(string folder, PostgresCluster postgres)
    {
        _folder = folder;
        _postgres = postgres;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public string JoinKeyFile => Path.Combine(_folder, "join.key");

    /// <summary>Of all silos, with commas between.</summary>
    public string Addresses => string.Join(',', _silos.Select(static silo => silo.Address));

    public IReadOnlyList<ClusterMember> Silos => _silos;

    public static async Task<ClusterSystem> StartAsync()
    {
        var folder = LocalFleet.NewFolder();
        PostgresCluster postgres = new(new PostgresClusterOptions { Folder = Path.Combine(folder, "postgres"), Passwords = PostgresPasswords.Random() });
        try
        {
            await postgres.StartAsync(CancellationToken.None);
            return new ClusterSystem(folder, postgres);
        }
        catch
        {
            await postgres.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>In place of those that run.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isCluster">Orleans, else embedded (then one).</param>
    public async Task StartSilosAsync(int count, bool isCluster)
    {
        await StopSilosAsync();
        for (var i = 0; i < count; i++)
        {
            var port = FreePort.Any();
            ClusterMember silo = new(string.Create(CultureInfo.InvariantCulture, $"silo{i + 1}"), port, IngestSystem.Environment(_folder, _postgres, port), isCluster);
            _silos.Add(silo);
            silo.Start();
        }

        await Task.WhenAll(_silos.Select(static silo => silo.WaitUntilReadyAsync(_startLimit)));
    }

    /// <summary>In good order: it drains, ends and is started again. How long until it was ready.</summary>
    public static async Task RestartAsync(ClusterMember silo)
    {
        await silo.StopAsync(_stopLimit);
        silo.Start();
        await silo.WaitUntilReadyAsync(_startLimit);
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        await StopSilosAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StopSilosAsync()
    {
        await Task.WhenAll(_silos.Select(static silo => silo.StopAsync(_stopLimit)));
        _silos.Clear();
    }

    // All have sessions of their own: a signal to us does not reach them, and there is no time to await.
    private void OnProcessExit(object? sender, EventArgs e)
    {
        _silos.ForEach(static silo => silo.Kill());
        _postgres.Server?.Signal(UnixSignal.Kill);
    }
}
