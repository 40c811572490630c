using System.Globalization;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Npgsql;

namespace Fleet.IntegrationTests.Deployment;

/// <summary>The drill of docs/backup.md: a dump while devices talk, a restore into another database, the fleet goes on with it.</summary>
public sealed class BackupDrillTests : IDisposable
{
    private const string Restored = "restored";
    private const string Keeping = "keeps", Forgetting = "forgets";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-drill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LongPostgresFact]
    public async Task Backup_WhileDevicesTalk_Restored_NothingOfItIsMissing_AndWhatCameLaterIsAsTheDocsSay()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var scorer = await FakeScorer.StartAsync();
        var port = FreePort.Any();
        var keys = Directory.CreateDirectory(Path.Combine(_folder, "keys")).FullName;
        var first = cluster.Server.OwnerConnectionString();
        await using var silo = await StartSiloAsync(first, scorer, port, keys);
        await using var keeping = StartAgents(Keeping, port, keys, "--keep-stored-hours=1");
        await using var forgetting = StartAgents(Forgetting, port, keys);
        await UntilAsync(async () => (await RowsAsync(first, Keeping)).Count >= 6 && (await RowsAsync(first, Forgetting)).Count >= 6, "both speak");

        var acked = await RowsAsync(first);
        await RunScriptAsync("backup.sh", first, "--to", Path.Combine(_folder, "backup"), "--keys", keys);
        await UntilAsync(async () => (await RowsAsync(first)).Except(acked).Count() >= 12, "both go on speaking");
        await silo.StopAsync();
        var all = await RowsAsync(first);

        await cluster.Server.CreateDatabaseAsync(Restored, template: null, CancellationToken.None);
        var second = cluster.Server.OwnerConnectionString(Restored);
        await RunScriptAsync("restore.sh", second, "--from", Directory.GetFiles(Path.Combine(_folder, "backup"), "*.dump").Single());
        var restored = await RowsAsync(second);
        acked.Except(restored).ShouldBeEmpty("acked before the dump");
        restored.Except(all).ShouldBeEmpty();
        var later = all.Except(restored).ToList();
        later.ShouldContain(row => row.StartsWith(Keeping, StringComparison.Ordinal));
        later.ShouldContain(row => row.StartsWith(Forgetting, StringComparison.Ordinal));

        await using var again = await StartSiloAsync(second, scorer, port, keys);
        await UntilAsync(async () => (await RowsAsync(second)).Except(all).Select(row => row.Split('-')[0]).Distinct().Count() == 2, "both speak again");

        // What devices keep for a while after it was stored comes back; what the others had acked since the dump is lost, and counted.
        await UntilAsync(async () => !later.Where(row => row.StartsWith(Keeping, StringComparison.Ordinal)).Except(await RowsAsync(second)).Any(), "what was kept comes back");
        var lost = later.Where(row => row.StartsWith(Forgetting, StringComparison.Ordinal)).ToList();
        await UntilAsync(async () => (await MissingAsync(second)) == (0, lost.Count), $"missing are {lost.Count} of '{Forgetting}'");
        (await RowsAsync(second)).Intersect(lost).ShouldBeEmpty();
        (await FeedIsReadableAsync(second)).ShouldBeTrue("no row is from another server's future");
        foreach (var agents in new[] { keeping, forgetting })
        {
            (await agents.StopAsync(_limit)).ShouldBe(0);
        }

        async Task UntilAsync(Func<Task<bool>> isSo, string what) => await SiloTestBase.EventuallyAsync(isSo, what, _limit);
    }

    [PostgresFact]
    public async Task Restore_DamagedUnfinishedOrNotEmpty_IsRefusedAndChangesNothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var scorer = await FakeScorer.StartAsync();
        var keys = Directory.CreateDirectory(Path.Combine(_folder, "keys")).FullName;
        var source = cluster.Server.OwnerConnectionString();
        await using (await StartSiloAsync(source, scorer, FreePort.Any(), keys))
        {
            await RunScriptAsync("backup.sh", source, "--to", Path.Combine(_folder, "backup"));
        }

        var dump = Directory.GetFiles(Path.Combine(_folder, "backup"), "*.dump").Single();
        (await TryScriptAsync("restore.sh", source, "--from", dump)).ShouldContain("is not empty");
        await cluster.Server.CreateDatabaseAsync(Restored, template: null, CancellationToken.None);
        var target = cluster.Server.OwnerConnectionString(Restored);

        await using (var file = new FileStream(dump, FileMode.Append))
        {
            file.WriteByte(0);
        }

        (await TryScriptAsync("restore.sh", target, "--from", dump)).ShouldContain("is damaged");
        File.Delete(Path.ChangeExtension(dump, ".manifest"));
        (await TryScriptAsync("restore.sh", target, "--from", dump)).ShouldContain("was not finished");
        (await AskAsync(target, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")).ShouldBe(0L);
    }

    private static Task<SiloUnderTest> StartSiloAsync(string database, FakeScorer scorer, int port, string keys) => SiloUnderTest.StartAsync(
        database,
        scorer.Endpoint,
        new Dictionary<string, string?>
        {
            ["Fleet:Grpc:Listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["Fleet:Silo:ReconnectJitterMs"] = "0",
            ["Fleet:Database:ReconcileIntervalSeconds"] = "1",
            ["Fleet:Ingest:HeartbeatIntervalMs"] = "500",
        },
        keys);

    private TestProgram StartAgents(string name, int port, string keys, params string[] more) => TestProgram.Start("Fleet.DeviceAgent",
    [
        "--server", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), "--key-file", Path.Combine(keys, "join.key"),
        "--state-dir", Path.Combine(_folder, name), "--device-id", name, "--simulate=2", "--play", Path.Combine(RepositoryPaths.Samples, "eight-of-spades.wav"),
        "--trigger=button", "--speed=8", "--pause=2", "--loop", .. more,
    ]);

    private static async Task RunScriptAsync(string script, string database, params string[] arguments)
    {
        await using var program = StartScript(script, database, arguments);
        (await program.WaitForExitAsync(_limit)).ShouldBe(0, string.Join('\n', program.Lines));
    }

    private static async Task<string> TryScriptAsync(string script, string database, params string[] arguments)
    {
        await using var program = StartScript(script, database, arguments);
        (await program.WaitForExitAsync(_limit)).ShouldBe(1);
        return string.Join('\n', program.Lines);
    }

    private static TestProgram StartScript(string script, string database, string[] arguments)
    {
        var login = new NpgsqlConnectionStringBuilder(database);
        var binaries = PostgresBinaries.Find() ?? throw new InvalidOperationException(PostgresBinaries.Remedy);
        return TestProgram.StartCommand("bash", [Path.Combine(RepositoryPaths.Root, "deploy", "backup", script), .. arguments], new Dictionary<string, string?>
        {
            ["PATH"] = $"{binaries.Folder}:{Environment.GetEnvironmentVariable("PATH")}",
            ["PGHOST"] = login.Host,
            ["PGPORT"] = login.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = login.Database,
            ["PGUSER"] = login.Username,
            ["PGPASSWORD"] = login.Password,
        });
    }

    /// <summary>"device utterance" of every row: a row is committed before it is acked.</summary>
    private static async Task<HashSet<string>> RowsAsync(string database, string device = "")
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("SELECT device_id || ' ' || utterance_id FROM utterances WHERE starts_with(device_id, $1)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = device });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new HashSet<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static async Task<(int Keeping, int Forgetting)> MissingAsync(string database)
    {
        async Task<int> OfAsync(string device) => Convert.ToInt32(
            await AskAsync(database, $"SELECT coalesce(sum(last_number - first_number + 1), 0) FROM missing_ranges WHERE starts_with(device_id, '{device}')"),
            CultureInfo.InvariantCulture);
        return (await OfAsync(Keeping), await OfAsync(Forgetting));
    }

    private static async Task<bool> FeedIsReadableAsync(string database) =>
        await AskAsync(database, "SELECT count(*) = 0 FROM utterances WHERE changed_xid >= pg_snapshot_xmax(pg_current_snapshot())") is true;

    private static async Task<object?> AskAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
#pragma warning disable CA2100 // the tests' own texts
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
