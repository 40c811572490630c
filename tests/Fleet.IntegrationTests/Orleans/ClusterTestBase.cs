using Fleet.IntegrationTests.Silo;

namespace Fleet.IntegrationTests.Orleans;

/// <summary>Silos as processes on a database of the test's own.</summary>
public abstract class ClusterTestBase : SiloTestBase, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-cluster-").FullName;

    internal string JoinKey => File.ReadAllText(Path.Combine(_folder, "join.key")).Trim();

    internal string ApiKey => File.ReadAllText(Path.Combine(_folder, "api.key")).Trim();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal ClusterSilo NewSilo(string name, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Fleet__Database__ConnectionString"] = Database.OwnerConnectionString,
            ["Fleet__Database__SiloLeaseSeconds"] = "5",
            ["Fleet__Credentials__JoinKeyFile"] = Path.Combine(_folder, "join.key"),
            ["Fleet__Credentials__ApiKeyFile"] = Path.Combine(_folder, "api.key"),
            ["Fleet__Scoring__Endpoint"] = Scorer.Endpoint.ToString(),
            ["Fleet__Scoring__SweepIntervalMs"] = "300",
            ["Fleet__Silo__LockWaitSeconds"] = "1",
            ["Fleet__Silo__DrainSeconds"] = "2",
            ["Fleet__Silo__FlushSeconds"] = "3",
            ["Fleet__Silo__ReconnectJitterMs"] = "300",
            // A machine that runs other tests as well may hold a process up for a while.
            ["Fleet__Orleans__MissedProbes"] = "4",
            ["Fleet__Orleans__ProbeTimeoutMs"] = "1000",
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return new ClusterSilo(name, settings);
    }

    /// <summary>Two silos that know each other; the second one starts when the key files are there.</summary>
    internal async Task<(ClusterSilo A, ClusterSilo B)> StartTwoAsync()
    {
        var (a, b) = (NewSilo("a"), NewSilo("b"));
        await a.StartAsync();
        await b.StartAsync();
        return (a, b);
    }

    internal async Task<long> CountAsync(string sql) => (long)(await QueryAsync(sql))!; // a count is there

    /// <summary>A device whose actor is at the one silo and whose stream is at the other.</summary>
    internal async Task<TestDevice> ConnectAcrossAsync(ClusterSilo actor, ClusterSilo stream, string deviceId)
    {
        var install = Guid.NewGuid();
        await using (var first = actor.NewDevice(JoinKey, deviceId, install))
        {
            await first.ConnectAsync();
            await first.HalfCloseAsync();
            await first.EndAsync();
        }

        var device = stream.NewDevice(JoinKey, deviceId, install);
        (await device.ConnectAsync()).Silo.ShouldBe(stream.Name);
        return device;
    }
}
