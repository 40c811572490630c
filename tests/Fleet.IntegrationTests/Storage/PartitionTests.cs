using System.Buffers.Binary;
using System.Globalization;
using Fleet.Storage;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

public sealed class PartitionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Partitions_IdsAtTheEndsOfAMonth_GoToTheirMonth()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.ScalarAsync<int>("SELECT fleet_ensure_partitions('2028-02-15 12:00Z', 2)");
        DateTimeOffset march = new(2028, 3, 1, 0, 0, 0, TimeSpan.Zero);
        Guid firstOfMarch = UtteranceIdTime.Floor(march);
        Guid lastOfFebruary = Before(firstOfMarch);

        await StoreAsync(
            host,
            lastOfFebruary,
            firstOfMarch,
            Guid.CreateVersion7(march),
            Guid.CreateVersion7(march.AddMonths(1).AddMilliseconds(-1)),
            UtteranceIdTime.Floor(march.AddMonths(-1)),
            Guid.CreateVersion7(march.AddMonths(-1).AddMilliseconds(-1)),
            Guid.CreateVersion7(march.AddMonths(1)));

        (await CountAsync(host, "utterances_2028_02")).ShouldBe(2);
        (await CountAsync(host, "utterances_2028_03")).ShouldBe(3);
        (await CountAsync(host, "utterances_default")).ShouldBe(2);
        (await CountAsync(host, "utterance_audio_2028_03")).ShouldBe(3);
        UtteranceIdTime.Of(lastOfFebruary).ShouldBe(march.AddMilliseconds(-1));
    }

    [PostgresFact]
    public async Task Partitions_FloorOfTheProgramAndOfTheDatabase_AreTheSame()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);

        string[] times = ["1970-01-01T00:00:00Z", "2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00Z", "2100-06-15T12:34:56.7891Z"];
        foreach (string time in times)
        {
            (await host.ScalarAsync<Guid>($"SELECT fleet_uuid_floor('{time}')"))
                .ShouldBe(UtteranceIdTime.Floor(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));
        }
    }

    [PostgresFact]
    public async Task EnsurePartitions_RowsAlreadyInDefault_AreMovedAndKeepTheirPlaceInTheFeed()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid inMay = Guid.CreateVersion7(new DateTimeOffset(2030, 5, 20, 0, 0, 0, TimeSpan.Zero));
        Guid inJune = Guid.CreateVersion7(new DateTimeOffset(2030, 6, 20, 0, 0, 0, TimeSpan.Zero));
        await StoreAsync(host, inMay, inJune);
        IReadOnlyList<UtteranceChange> before = await ReadTwoAsync(host);

        int made = await host.ScalarAsync<int>("SELECT fleet_ensure_partitions('2030-05-01Z', 1)");

        made.ShouldBe(3);
        (await CountAsync(host, "utterances_2030_05")).ShouldBe(1);
        (await CountAsync(host, "utterance_audio_2030_05")).ShouldBe(1);
        (await CountAsync(host, "utterances_default")).ShouldBe(1);
        (await ReadTwoAsync(host)).Select(change => change.Position).ShouldBe(before.Select(change => change.Position));
        (await host.Audio.ReadAsync("pi-1", inMay)).ShouldNotBeNull();
        await StoreAsync(host, Guid.CreateVersion7(new DateTimeOffset(2030, 5, 21, 0, 0, 0, TimeSpan.Zero)));
        (await CountAsync(host, "utterances_2030_05")).ShouldBe(2);
    }

    [PostgresFact]
    public async Task EnsurePartitions_WhileOthersWrite_LosesNothing()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        DateTimeOffset may = new(2030, 5, 20, 0, 0, 0, TimeSpan.Zero);
        Task<int> writing = Task.Run(async () =>
        {
            int stored = 0;
            for (; stored < 300; stored++)
            {
                await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, may));
            }

            return stored;
        });

        for (int month = 3; month <= 7; month++)
        {
            await host.ScalarAsync<int>($"SELECT fleet_ensure_partitions('2030-{month:00}-01Z', 1)");
        }

        int written = await writing.WaitAsync(StorageHost.Deadline);
        (await CountAsync(host, "utterances_2030_05")).ShouldBe(written);
        (await CountAsync(host, "utterance_audio_2030_05")).ShouldBe(written);
    }

    [PostgresFact]
    public async Task PartitionWorker_DefaultIsBeingRead_FailsSoonAndSucceedsLater()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        using PartitionWorker sut = new(host.Get<FleetDatabase>(), host.Get<IOptions<DatabaseOptions>>(), TimeProvider.System, NullLogger<PartitionWorker>.Instance);
        await host.ScalarAsync<object?>(
            """
            DO $$ BEGIN EXECUTE (
                SELECT format('DROP TABLE %s', max(inhrelid::regclass::text))
                  FROM pg_inherits WHERE inhparent = 'utterances'::regclass AND inhrelid::regclass::text LIKE '%\_2%'); END $$
            """);
        await host.ScalarAsync<object?>("DO $$ BEGIN ALTER FUNCTION fleet_ensure_partitions SET lock_timeout = '200ms'; END $$");
        await using NpgsqlConnection reading = await host.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction open = await reading.BeginTransactionAsync();
        await using (NpgsqlCommand read = new("SELECT count(*) FROM utterances_default", reading))
        {
            await read.ExecuteScalarAsync();
        }

        bool whileReading = await sut.EnsureAsync(CancellationToken.None).WaitAsync(StorageHost.Deadline);
        await open.RollbackAsync();
        bool afterwards = await sut.EnsureAsync(CancellationToken.None);

        (whileReading, afterwards).ShouldBe((false, true));
    }

    [PostgresFact]
    public async Task Audio_InEveryPartition_IsNeitherCompressedNorInline()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);

        (await host.ScalarAsync<long>("SELECT count(*) FROM pg_attribute WHERE attname = 'pcm' AND attstorage <> 'e'")).ShouldBe(0);
        (await host.ScalarAsync<long>("SELECT count(*) FROM pg_attribute WHERE attname = 'pcm' AND attstorage = 'e'")).ShouldBe(5);
    }

    private static Guid Before(Guid id)
    {
        byte[] bytes = id.ToByteArray(bigEndian: true);
        UInt128 number = BinaryPrimitives.ReadUInt128BigEndian(bytes) - 1;
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true);
    }

    private static async Task StoreAsync(StorageHost host, params Guid[] ids)
    {
        long epoch = await host.OpenSessionAsync("pi-1");
        foreach (Guid id in ids)
        {
            await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, UtteranceIdTime.Of(id)) with { UtteranceId = id });
        }
    }

    private static async Task<IReadOnlyList<UtteranceChange>> ReadTwoAsync(StorageHost host)
    {
        using CancellationTokenSource deadline = new(StorageHost.Deadline);
        while (true)
        {
            if (await host.Feed.ReadAsync(FeedPosition.Start, 10, deadline.Token) is { Count: 2 } changes)
            {
                return changes;
            }
        }
    }

    private static Task<long> CountAsync(StorageHost host, string table) => host.ScalarAsync<long>($"SELECT count(*) FROM {table}");
}
