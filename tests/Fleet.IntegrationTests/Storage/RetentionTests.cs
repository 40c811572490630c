using System.Globalization;
using Fleet.Storage;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.IntegrationTests.Storage;

/// <summary>What is older than the retention goes, stays away and leaves the accounts as they are.</summary>
public sealed class RetentionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Days = 30;

    private static readonly (string Key, string Value) _retention = ("Fleet:Database:RetentionDays", $"{Days}");
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private static readonly DateTimeOffset _expired = _now.AddDays(-100);

    [PostgresFact]
    public async Task RemoveExpiredAsync_WholeMonthsAndOldRowsOfDefault_GoWithTheirAudio()
    {
        await using StorageHost host = await CreateWithOldRowsAsync();
        string month = _expired.ToString("yyyy_MM", CultureInfo.InvariantCulture);

        (await Worker(host).RemoveExpiredAsync(CancellationToken.None)).ShouldBeTrue();

        (await host.ScalarAsync<bool>($"SELECT to_regclass('utterances_{month}') IS NULL AND to_regclass('utterance_audio_{month}') IS NULL")).ShouldBeTrue();
        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances")).ShouldBe(1);
        (await host.ScalarAsync<long>("SELECT count(*) FROM utterance_audio")).ShouldBe(1);
        (await host.ScalarAsync<long>("SELECT count(*) FROM erased_utterances")).ShouldBe(1);
        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances_default")).ShouldBe(0);

        // Another round has nothing to do, and new ones are stored as ever.
        (await Worker(host).RemoveExpiredAsync(CancellationToken.None)).ShouldBeTrue();
        await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now, 7));
    }

    [PostgresFact]
    public async Task RemoveExpiredAsync_NumbersOfWhatWent_AreNotMissing()
    {
        await using StorageHost host = await CreateWithOldRowsAsync();
        await Worker(host).RemoveExpiredAsync(CancellationToken.None);

        long epoch = await host.OpenSessionAsync("pi-1");
        await host.Devices.ReportNumbersAsync([new DeviceNumbers("pi-1", epoch, 9, 9)]);
        await host.ReconcileAsync();

        // 1 to 4 and 6 were there; 5, 7 and 8 never were.
        UtteranceAccount account = await host.History.GetAccountsAsync();
        (account.Spoken, account.Stored, account.Lost, account.Missing, account.Waiting).ShouldBe((8, 5, 0, 3, 0));

        // What the device says it lost is counted where nothing was, and not counted twice where something was.
        (await host.Utterances.StoreLossesAsync([StorageHost.Loss("pi-1", epoch, _expired, 5), StorageHost.Loss("pi-1", epoch, _expired, 1)]))
            .ShouldAllBe(result => result.Outcome == StoreOutcome.Stored);
        account = await host.History.GetAccountsAsync();
        (account.Stored, account.Lost, account.Missing).ShouldBe((5, 1, 2));
    }

    [PostgresFact]
    public async Task StoreAsync_OlderThanTheRetention_IsGone()
    {
        await using StorageHost host = await CreateWithOldRowsAsync();
        UtteranceKey erased = new("pi-1", await host.ScalarAsync<Guid>("SELECT min(utterance_id::text)::uuid FROM erased_utterances"));
        UtteranceKey dropped = new("pi-1", await host.ScalarAsync<Guid>("SELECT min(utterance_id::text)::uuid FROM utterances"));
        await Worker(host).RemoveExpiredAsync(CancellationToken.None);
        long epoch = await host.OpenSessionAsync("pi-1");

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync(
        [
            StorageHost.Utterance("pi-1", epoch, _expired, 1) with { UtteranceId = dropped.UtteranceId },
            StorageHost.Utterance("pi-1", epoch, _expired, 2) with { UtteranceId = erased.UtteranceId },
            StorageHost.Utterance("pi-1", epoch, _now.AddDays(-Days).AddMinutes(-5), 10),
            StorageHost.Utterance("pi-1", epoch, _now.AddDays(-Days).AddMinutes(5), 11),
        ],
        host.Silo);

        results.Select(result => result.Outcome).ShouldBe([StoreOutcome.Gone, StoreOutcome.Gone, StoreOutcome.Gone, StoreOutcome.Stored]);

        // The device is told when it sends it, not that it is stored.
        (await host.Utterances.FindStoredAsync("pi-1", [dropped.UtteranceId, erased.UtteranceId])).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task RemoveExpiredAsync_KeptForEver_RemovesNothing()
    {
        await using StorageHost host = await CreateWithOldRowsAsync(("Fleet:Database:RetentionDays", "0"));

        (await Worker(host).RemoveExpiredAsync(CancellationToken.None)).ShouldBeTrue();

        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances")).ShouldBe(3);
        (await host.ScalarAsync<long>("SELECT count(*) FROM erased_utterances")).ShouldBe(2);
        long epoch = await host.OpenSessionAsync("pi-1");
        await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _expired, 10));
    }

    [PostgresFact]
    public async Task MigrateAsync_WithARetention_RemovesNothing()
    {
        await using StorageHost host = await CreateWithOldRowsAsync();

        await host.Migrator.MigrateAsync();

        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances")).ShouldBe(3);
    }

    [PostgresFact]
    public async Task RemoveExpiredAsync_MachinesRefusedLongAgo_AreForgotten()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.OpenSessionAsync("pi-1");
        await host.Devices.OpenSessionAsync("pi-1", Guid.NewGuid(), Guid.NewGuid(), "test", "test");
        await host.Devices.OpenSessionAsync("pi-1", Guid.NewGuid(), Guid.NewGuid(), "test", "test");
        await host.ScalarAsync<string>(
            "UPDATE identity_conflicts SET last_seen = now() - interval '31 days' WHERE install_id = (SELECT min(install_id::text)::uuid FROM identity_conflicts) RETURNING device_id");

        await Worker(host).RemoveExpiredAsync(CancellationToken.None);

        (await host.Devices.ListConflictsAsync()).Count.ShouldBe(1);
    }

    /// <summary>Numbers 1 to 4 and 6 of pi-1: 1 in an old month and 2 erased from it, 3 old in DEFAULT, 4 and 6 of today, 6 erased.</summary>
    private async Task<StorageHost> CreateWithOldRowsAsync(params (string Key, string Value)[] settings)
    {
        string database = (await postgres.CreateDatabaseAsync()).OwnerConnectionString;
        await using StorageHost before = await StorageHost.MigratedAsync(database);
        await before.ScalarAsync<int>($"SELECT fleet_ensure_partitions('{_expired:yyyy-MM-dd}', 1)");
        long epoch = await before.OpenSessionAsync("pi-1");
        await before.StoreAsync(StorageHost.Utterance("pi-1", epoch, _expired, 1));
        UtteranceKey erasedOld = await before.StoreAsync(StorageHost.Utterance("pi-1", epoch, _expired.AddSeconds(1), 2));
        await before.StoreAsync(StorageHost.Utterance("pi-1", epoch, _expired.AddDays(-300), 3));
        await before.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 4));
        UtteranceKey erasedNew = await before.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 6));
        await before.Utterances.EraseAsync([erasedOld, erasedNew]);
        return await StorageHost.MigratedAsync(database, settings.Length == 0 ? [_retention] : settings);
    }

    internal static PartitionWorker Worker(StorageHost host) => new(
        host.Get<FleetDatabase>(), host.Get<IOptions<DatabaseOptions>>(), TimeProvider.System, NullLogger<PartitionWorker>.Instance);
}
