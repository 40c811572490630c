using Fleet.Storage;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

public sealed class MigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task MigrateAsync_ManyProcessesAtOnce_EachMigrationIsAppliedOnce()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        StorageHost[] hosts = [.. Enumerable.Range(0, 6).Select(_ => StorageHost.Create(database.OwnerConnectionString))];

        await Task.WhenAll(hosts.Select(host => host.Migrator.MigrateAsync())).WaitAsync(StorageHost.Deadline);

        (await hosts[0].ScalarAsync<long>("SELECT count(*) FROM fleet_schema_migrations")).ShouldBe(Migration.All.Count);
        (await hosts[0].ScalarAsync<long>(
            """
            SELECT count(*) FROM pg_locks
             WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """)).ShouldBe(0);
        (await hosts[0].Get<DatabaseVersion>().CheckAsync()).ShouldBe(SchemaState.Ready);
        foreach (StorageHost host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task MigrateAsync_AppliedMigrationWasChanged_IsAClearError()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Migration[] changed = [.. Migration.All];
        changed[1] = changed[1] with { Sql = changed[1].Sql + "-- one more thought" };

        SchemaException exception = await Should.ThrowAsync<SchemaException>(() => CreateMigrator(host, changed).MigrateAsync());

        exception.Message.ShouldContain(changed[1].Name);
        exception.Message.ShouldContain("append-only");
    }

    [PostgresFact]
    public async Task MigrateAsync_SchemaIsNewer_Refuses()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Migration[] newer = [.. Migration.All, new Migration(Migration.All.Count + 1, "9999_from_the_future", "SELECT 1")];
        await CreateMigrator(host, newer).MigrateAsync();

        SchemaException exception = await Should.ThrowAsync<SchemaException>(() => host.Migrator.MigrateAsync());

        exception.Message.ShouldContain("9999_from_the_future");
        (await host.Get<DatabaseVersion>().CheckAsync()).ShouldBe(SchemaState.TooNew);
        await Should.ThrowAsync<SchemaException>(() => host.Get<DatabaseVersion>().WaitUntilReadyAsync());
    }

    [PostgresFact]
    public async Task MigrateAsync_OneFails_LeavesTheOnesBeforeAndNothingOfItself()
    {
        await using StorageHost host = StorageHost.Create((await postgres.CreateDatabaseAsync()).OwnerConnectionString);
        Migration[] broken =
            [.. Migration.All, new Migration(Migration.All.Count + 1, "0099_broken", "CREATE TABLE half (a int); SELECT 1 / 0;")];

        await Should.ThrowAsync<PostgresException>(() => CreateMigrator(host, broken).MigrateAsync());

        (await host.ScalarAsync<bool>("SELECT to_regclass('half') IS NULL")).ShouldBeTrue();
        (await host.ScalarAsync<long>("SELECT count(*) FROM fleet_schema_migrations")).ShouldBe(Migration.All.Count);
        await host.Migrator.MigrateAsync();
    }

    [PostgresFact]
    public async Task MigrateAsync_Again_KeepsWhatIsThere()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.SayAsync("pi-1", await host.OpenSessionAsync("pi-1"), _now, "hello");

        await host.Migrator.MigrateAsync();

        (await host.History.CountsAsync()).Total.ShouldBe(1);
    }

    [PostgresFact]
    public async Task Reader_OfTheRoleFleetReader_ReadsAndWatchesButCannotWrite()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        await using StorageHost writer = await StorageHost.MigratedAsync(database.OwnerConnectionString);
        await using StorageHost reader = StorageHost.Create(database.DashboardConnectionString);
        long epoch = await writer.OpenSessionAsync("pi-1");
        UtteranceKey key = await writer.SayAsync("pi-1", epoch, _now, "hello");
        using CancellationTokenSource stop = new(StorageHost.Deadline);

        await reader.Get<DatabaseVersion>().WaitUntilReadyAsync(stop.Token);
        (await reader.History.SearchAsync(new HistoryQuery { Text = "hello" }, stop.Token)).Items.Count.ShouldBe(1);
        (await reader.History.CountsAsync(stop.Token)).Total.ShouldBe(1);
        (await reader.Devices.ListAsync(stop.Token)).Count.ShouldBe(1);
        (await reader.Audio.ReadAsync("pi-1", key.UtteranceId, stop.Token)).ShouldNotBeNull();
        await foreach (IReadOnlyList<UtteranceChange> batch in reader.Feed.WatchAsync(FeedPosition.Start, stop.Token))
        {
            batch[0].Utterance.Key.ShouldBe(key);
            break;
        }

        // What the role may is what counts, not that its login happens to open read-only transactions.
        (await writer.ScalarAsync<bool>(
            """
            SELECT bool_or(has_table_privilege('fleet_dashboard', oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
              FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            """)).ShouldBeFalse();
        (await writer.ScalarAsync<bool>(
            """
            SELECT bool_and(has_table_privilege('fleet_dashboard', inhrelid, 'SELECT'))
              FROM pg_inherits WHERE inhparent = 'utterances'::regclass
            """)).ShouldBeTrue();
        await Should.ThrowAsync<Exception>(() => reader.Utterances.StoreAsync([StorageHost.Utterance("pi-1", epoch, _now)], 1, stop.Token));
    }

    [PostgresFact]
    public async Task WaitUntilReadyAsync_BeforeTheMigration_ReturnsAfterIt()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        await using StorageHost writer = StorageHost.Create(database.OwnerConnectionString);
        await using StorageHost reader = StorageHost.Create(database.DashboardConnectionString);
        (await reader.Get<DatabaseVersion>().CheckAsync()).ShouldBe(SchemaState.Outdated);
        Task ready = reader.Get<DatabaseVersion>().WaitUntilReadyAsync();
        ready.IsCompleted.ShouldBeFalse();

        await writer.Migrator.MigrateAsync();

        await ready.WaitAsync(StorageHost.Deadline);
    }

    private static Migrator CreateMigrator(StorageHost host, IReadOnlyList<Migration> migrations) =>
        new(host.Get<FleetDatabase>(), NullLogger<Migrator>.Instance, migrations);
}
