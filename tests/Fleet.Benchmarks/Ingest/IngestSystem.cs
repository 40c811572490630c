using System.Globalization;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.Storage;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Benchmarks.Ingest;

/// <summary>
/// A PostgreSQL server with its defaults (it syncs), a silo, both processes on loopback, and a second database with the same tables for the
/// baseline. Nobody listens at the address of the scoring endpoint: what is measured is the way to the ack.
/// </summary>
internal sealed class IngestSystem : IAsyncDisposable
{
    private const string BareDatabase = "bare";

    private readonly string _folder;
    private readonly TestProgram _silo;

    private IngestSystem(string folder, PostgresCluster postgres, TestProgram silo, string address)
    {
        _folder = folder;
        Postgres = postgres;
        _silo = silo;
        Address = address;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public PostgresCluster Postgres { get; }

    /// <summary>Of the silo, for devices.</summary>
    public string Address { get; }

    public int SiloProcessId => _silo.Process.ProcessId;

    public string Folder => _folder;

    public string JoinKeyFile => Path.Combine(_folder, "join.key");

    public string BareConnectionString => Postgres.OwnerConnectionString(BareDatabase);

    /// <param name="siloOptions">KEY=VALUE, as the silo takes them.</param>
    public static async Task<IngestSystem> StartAsync(IReadOnlyList<string> siloOptions)
    {
        var folder = LocalFleet.NewFolder();
        PostgresCluster postgres = new(new PostgresClusterOptions { Folder = Path.Combine(folder, "postgres"), Passwords = PostgresPasswords.Random() });
        try
        {
            await postgres.StartAsync(CancellationToken.None);
            await MigrateBareAsync(postgres);
            var port = FreePort.Any();
            var silo = TestProgram.Start("Fleet.Silo", [.. siloOptions.Select(static option => "--" + option)], Environment(folder, postgres, port));
            try
            {
                await silo.WaitForLineAsync("is ready", TimeSpan.FromMinutes(2));
                return new IngestSystem(folder, postgres, silo, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
            }
            catch
            {
                await silo.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await EndAsync(postgres, folder);
            throw;
        }
    }

    /// <summary>Rows, different rows, bytes of audio of the devices whose id begins with <paramref name="name"/>.</summary>
    public async Task<StoredRows> CountAsync(string name)
    {
        await using NpgsqlConnection connection = new(Postgres.OwnerConnectionString());
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(
            """
            SELECT count(*), count(DISTINCT (u.device_id, u.sequence_number)), coalesce(sum(octet_length(a.pcm)), 0)::bigint
              FROM utterances u LEFT JOIN utterance_audio a USING (device_id, utterance_id)
             WHERE u.device_id LIKE $1 || '-%'
            """,
            connection)
        {
            CommandTimeout = 300,
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new StoredRows(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (!_silo.Process.Exited.IsCompleted)
        {
            await _silo.StopAsync(TimeSpan.FromMinutes(1));
        }

        await _silo.DisposeAsync();
        await EndAsync(Postgres, _folder);
    }

    // Both have sessions of their own: a signal to us does not reach them, and there is no time to await.
    private void OnProcessExit(object? sender, EventArgs e)
    {
        _silo.Process.Signal(UnixSignal.Kill);
        Postgres.Server?.Signal(UnixSignal.Kill);
    }

    private static async Task EndAsync(PostgresCluster postgres, string folder)
    {
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task MigrateBareAsync(PostgresCluster postgres)
    {
        await postgres.CreateDatabaseAsync(BareDatabase, template: null, CancellationToken.None);
        await using var dataSource = NpgsqlDataSource.Create(postgres.OwnerConnectionString(BareDatabase));
        await new Migrator(new FleetDatabase(dataSource, TimeProvider.System), NullLogger<Migrator>.Instance).MigrateAsync();

        // The stamp, the bell and the accounts are work of ours, not of a bare loop.
        await using var command = dataSource.CreateCommand("ALTER TABLE utterances DISABLE TRIGGER USER");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What a silo that is measured gets, whatever runs its actors.</summary>
    public static Dictionary<string, string?> Environment(string folder, PostgresCluster postgres, int port) => new()
    {
        ["Fleet__Database__ConnectionString"] = postgres.OwnerConnectionString(),
        ["Fleet__Grpc__Listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
        ["Fleet__Http__Listen"] = "127.0.0.1:0",
        ["Fleet__Credentials__JoinKeyFile"] = Path.Combine(folder, "join.key"),
        ["Fleet__Credentials__ApiKeyFile"] = Path.Combine(folder, "api.key"),
        ["Fleet__Scoring__Endpoint"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Any()}/score"),
        ["DOTNET_NOLOGO"] = "1",
    };
}
