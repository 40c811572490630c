using System.Globalization;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;

namespace Fleet.Testing;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder: a test may stop, restart or kill it. It does not sync to disk.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private const string Prefix = "fleet-tests-";

    private TestCluster(PostgresCluster server, string folder)
    {
        Server = server;
        Folder = folder;
    }

    public PostgresCluster Server { get; }

    public string Folder { get; }

    /// <summary>Makes and starts a server.</summary>
    /// <param name="settings">More server settings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TestCluster> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        var cluster = Create(settings);
        try
        {
            await cluster.Server.StartAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A server that has not been started: for a test in which PostgreSQL comes later than we do. Its port is chosen and kept.</summary>
    public static TestCluster Create(IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = NewFolder();
        var server = new PostgresCluster(new PostgresClusterOptions
        {
            Folder = folder,
            Passwords = PostgresPasswords.Random(),
            Port = FreePort.Any(),
            Fsync = false,
            MaxConnections = 200,
            Settings = settings ?? new Dictionary<string, string>(),
        });
        return new TestCluster(server, folder);
    }

    /// <summary>Stops every process of the server in its tracks (SIGSTOP): connections stay, nothing answers. Disposing the result lets them go on.</summary>
    public IDisposable Freeze()
    {
        var root = Server.Server?.ProcessId ?? throw new InvalidOperationException("The server does not run.");
        // The one that makes others first.
        var frozen = new List<int> { root };
        LibC.Kill(root, UnixSignal.Stop);
        for (var i = 0; i < frozen.Count; i++)
        {
            foreach (var child in ChildrenOf(frozen[i]))
            {
                LibC.Kill(child, UnixSignal.Stop);
                frozen.Add(child);
            }
        }

        return new Frozen(frozen);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.KillAsync(CancellationToken.None);
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>At the end of the process there is no time to await: the server is killed, its folder goes now or with the next sweep.</summary>
    internal void KillAndDelete()
    {
        Server.Server?.Signal(UnixSignal.Kill);
        TryDelete(Folder);
    }

    /// <summary>Ends servers and deletes folders of test processes that were killed.</summary>
    internal static void SweepLeftovers()
    {
        foreach (var folder in Directory.EnumerateDirectories(Parent(), Prefix + "*"))
        {
            var parts = Path.GetFileName(folder)[Prefix.Length..].Split('-');
            if (parts.Length != 3 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var processId)
                || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var startTicks)
                || new ProcessIdentity(processId, startTicks).IsAlive())
            {
                continue;
            }

            var pidFile = Path.Combine(folder, "data", "postmaster.pid");
            if (File.Exists(pidFile) && int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var server)
                && ProcessIdentity.CommandLineOf(server).Contains(folder, StringComparison.Ordinal))
            {
                LibC.Kill(server, UnixSignal.Kill);
            }

            TryDelete(folder);
        }
    }

    private static IEnumerable<int> ChildrenOf(int processId)
    {
        var children = $"/proc/{processId}/task/{processId}/children";
        return File.Exists(children)
            ? File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            : [];
    }

    private static string NewFolder()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId)!; // we are alive
        var folder = Path.Combine(
            Parent(), string.Create(CultureInfo.InvariantCulture, $"{Prefix}{self.ProcessId}-{self.StartTicks}-{Guid.NewGuid():N}"));
        return Directory.CreateDirectory(folder).FullName;
    }

    // TMPDIR may be inside a home folder that the server's user cannot enter.
    private static string Parent() =>
        UnixUser.ForServers() is { } user && !user.CanReach(Path.GetTempPath()) ? "/var/tmp" : Path.GetTempPath();

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Backends that are about to notice the kill may still write; the next sweep finds the folder.
        }
    }

    private sealed class Frozen(List<int> processIds) : IDisposable
    {
        public void Dispose()
        {
            foreach (var processId in processIds)
            {
                LibC.Kill(processId, UnixSignal.Continue);
            }
        }
    }
}
