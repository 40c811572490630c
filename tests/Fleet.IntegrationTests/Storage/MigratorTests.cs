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
        (await reader.Devices.ListConflictsAsync(stop.Token)).ShouldBeEmpty();
        (await reader.History.GetAccountsAsync(cancellationToken: stop.Token)).Stored.ShouldBe(1);
        (await reader.History.ListAccountsAsync(stop.Token))["pi-1"].Stored.ShouldBe(1);
        (await reader.Get<FleetDatabase>().GetGenerationAsync(stop.Token)).ShouldBe(await writer.Get<FleetDatabase>().GetGenerationAsync(stop.Token));
        (await reader.Audio.ReadAsync("pi-1", key.UtteranceId, stop.Token)).ShouldNotBeNull();
        await foreach (IReadOnlyList<UtteranceChange> batch in reader.Feed.WatchAsync(FeedPosition.Start, stop.Token))
        {
            batch[0].Key.ShouldBe(key);
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

    [PostgresFact]
    public async Task MigrateAsync_FromBeforeTheAccounts_AccountsForWhatIsThere()
    {
        await using StorageHost host = StorageHost.Create((await postgres.CreateDatabaseAsync()).OwnerConnectionString);
        Guid install = StorageHost.Install("pi-1");
        Guid boot = Guid.NewGuid();
        await CreateMigrator(host, [.. Migration.All.Take(4)]).MigrateAsync();
        await host.ScalarAsync<object?>(
            $"""
            DO $$ BEGIN
                INSERT INTO devices (device_id, install_id, boot_id, session_epoch, agent_version, stored_utterances)
                VALUES ('pi-1', '{install}', '{boot}', 3, 'old', 3), ('pi-2', gen_random_uuid(), gen_random_uuid(), 1, 'old', 0);
                INSERT INTO utterances (device_id, utterance_id, session_epoch, sequence_number, started_at, duration_ms, trigger, end_reason, status)
                SELECT 'pi-1', gen_random_uuid(), 3, n, now(), 10, 1, 1, CASE WHEN n = 4 THEN 5 ELSE 2 END FROM unnest(ARRAY[1, 2, 4, 7]) n;
            END $$
            """);

        await host.Migrator.MigrateAsync();

        UtteranceAccount account = await host.History.GetAccountsAsync("pi-1");
        (account.Spoken, account.Stored, account.Lost, account.Missing, account.Waiting).ShouldBe((7, 3, 1, 0, 3));
        (await host.History.GetAccountsAsync("pi-2")).ShouldBeEquivalentTo(UtteranceAccount.Empty);
        (await host.ScalarAsync<long>($"SELECT count(*) FROM utterances WHERE install_id = '{install}' AND clock = 0")).ShouldBe(4);

        // The session that was open goes on, and the numbers are compared once the device says what is settled.
        long epoch = (await host.Devices.OpenSessionAsync("pi-1", install, boot, "new", "test")).ShouldBeOfType<SessionOpened>().Epoch;
        await host.Devices.ReportNumbersAsync([new DeviceNumbers("pi-1", epoch, 9, 9)]);
        (await host.ReconcileAsync()).ShouldBe(1);
        account = await host.History.GetAccountsAsync("pi-1");
        (account.Spoken, account.Stored, account.Lost, account.Missing, account.Waiting).ShouldBe((8, 3, 1, 4, 0));
        await host.Devices.OpenSessionAsync("pi-1", install, Guid.NewGuid(), "new", "test");
        (await host.Devices.OpenSessionAsync("pi-1", install, boot, "new", "test")).ShouldBeOfType<CopiedInstall>();
    }

    private static Migrator CreateMigrator(StorageHost host, IReadOnlyList<Migration> migrations) =>
        new(host.Get<FleetDatabase>(), NullLogger<Migrator>.Instance, migrations);
}
