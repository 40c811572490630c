using System.Globalization;
using Fleet.Cli.Local.Postgres;
using Npgsql;

namespace Fleet.Testing;

/// <summary>A fresh, empty database on the cluster that all tests of this process share.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<TestCluster>> _shared = new(StartSharedAsync);

    private TestDatabase(PostgresCluster server, string name)
    {
        Name = name;
        OwnerConnectionString = server.OwnerConnectionString(name);
        DashboardConnectionString = server.DashboardConnectionString(name);
        SuperuserConnectionString = server.SuperuserConnectionString(name);
        Server = server;
    }

    public string Name { get; }

    /// <summary>As role `fleet`, which owns the database: migrations, silo.</summary>
    public string OwnerConnectionString { get; }

    /// <summary>As role `fleet_dashboard`, a member of `fleet_reader`: can only read.</summary>
    public string DashboardConnectionString { get; }

    public string SuperuserConnectionString { get; }

    /// <summary>Shared with other tests: neither stop nor kill it (<see cref="TestCluster"/> is for that).</summary>
    public PostgresCluster Server { get; }

    /// <summary>Makes a database.</summary>
    /// <param name="template">A database to copy, one that nobody is connected to; default: an empty one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TestDatabase> CreateAsync(string? template = null, CancellationToken cancellationToken = default)
    {
        var cluster = await _shared.Value.WaitAsync(cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Guid.NewGuid():N}");
        await cluster.Server.CreateDatabaseAsync(name, template, cancellationToken);
        return new TestDatabase(cluster.Server, name);
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(Server.SuperuserConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // DDL has no parameters; the name was made above from hexadecimal digits
        await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)", connection);
#pragma warning restore CA2100
        await drop.ExecuteNonQueryAsync();
    }

    private static async Task<TestCluster> StartSharedAsync()
    {
        TestCluster.SweepLeftovers();
        var cluster = await TestCluster.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.KillAndDelete();
        return cluster;
    }
}
