using Fleet.Cli.Local.Postgres;
using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

public sealed class ChangeFeedTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task ReadAsync_LowerTransactionCommitsLater_NothingIsSkipped()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        FeedPosition start = await host.Feed.CurrentAsync();
        await using NpgsqlConnection first = await host.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction open = await first.BeginTransactionAsync();
        Guid slow = await InsertAsync(first, _now.AddSeconds(5));

        UtteranceKey fast = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
        IReadOnlyList<UtteranceChange> whileOpen = await host.Feed.ReadAsync(start, 10);
        await open.CommitAsync();
        IReadOnlyList<UtteranceChange> afterwards = await ReadUntilAsync(host.Feed, start, 2);

        whileOpen.ShouldBeEmpty();
        afterwards.Select(change => change.Key.UtteranceId).ShouldBe([slow, fast.UtteranceId]);
        (await host.Feed.ReadAsync(afterwards[0].Position, 10)).Select(change => change.Key).ShouldBe([fast]);
        (await host.Feed.ReadAsync(afterwards[1].Position, 10)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task ReadAsync_ChangedAgain_ComesAtItsNewPlaceOnly()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey first = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
        UtteranceKey second = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now.AddSeconds(1)));
        IReadOnlyList<UtteranceChange> stored = await ReadUntilAsync(host.Feed, FeedPosition.Start, 2);
        await host.Utterances.ReleaseAsync(host.Silo);
        await host.Utterances.ClaimAsync(host.Silo, 10);
        IReadOnlyList<UtteranceChange> afterClaim = await host.Feed.ReadAsync(stored[1].Position, 10);
        await host.Utterances.CompleteAsync([new TranscriptResult(first, host.Silo, 2, UtteranceStatus.Transcribed, "hello")]);

        IReadOnlyList<UtteranceChange> changes = await ReadUntilAsync(host.Feed, FeedPosition.Start, 2, last: first);

        afterClaim.ShouldBeEmpty();
        stored.Select(change => change.Key).ShouldBe([first, second]);
        changes.Select(change => (change.Key, change.Utterance!.Status, change.Utterance.Text)).ShouldBe(
            [(second, UtteranceStatus.Stored, ""), (first, UtteranceStatus.Transcribed, "hello")]);
        changes[1].Utterance!.HasAudio.ShouldBeTrue();
    }

    [PostgresFact]
    public async Task ReadAsync_Erased_TellsItInItsPlaceAndNotBeforeOlderTransactionsHaveEnded()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey erased = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
        UtteranceKey kept = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now.AddSeconds(1)));
        FeedPosition before = (await ReadUntilAsync(host.Feed, FeedPosition.Start, 2))[^1].Position;
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, before);

        await using (NpgsqlConnection other = await host.DataSource.OpenConnectionAsync())
        await using (NpgsqlTransaction open = await other.BeginTransactionAsync())
        {
            await using NpgsqlCommand write = new("UPDATE devices SET last_seen = last_seen WHERE device_id = 'nobody'; SELECT pg_current_xact_id()", other, open);
            await write.ExecuteNonQueryAsync();
            (await host.Utterances.EraseAsync([erased])).ShouldBe(1);
            (await host.Feed.ReadAsync(before, 10)).ShouldBeEmpty();
            await open.CommitAsync();
        }

        UtteranceChange change = await watcher.NextAsync(erased);
        UtteranceKey later = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now.AddSeconds(2)));

        change.Utterance.ShouldBeNull();
        (await ReadUntilAsync(host.Feed, FeedPosition.Start, 3)).Select(seen => (seen.Key, seen.Utterance is null))
            .ShouldBe([(kept, false), (erased, true), (later, false)]);
        (await host.Feed.ReadAsync(change.Position, 1)).ShouldHaveSingleItem().Key.ShouldBe(later);
    }

    [PostgresFact]
    public async Task ReadAsync_InPages_GivesAllInOrder()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance[] group = [.. Enumerable.Range(0, 25).Select(n => StorageHost.Utterance("pi-1", epoch, _now.AddSeconds(-n)))];
        await host.Utterances.StoreAsync(group, host.Silo);
        await ReadUntilAsync(host.Feed, FeedPosition.Start, 25);

        List<UtteranceChange> all = [];
        while (await host.Feed.ReadAsync(all.Count == 0 ? FeedPosition.Start : Resumed(all[^1]), 7) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        all.Count.ShouldBe(25);
        all.Select(change => change.Position).ShouldBeInOrder();
        all.Select(change => change.Position).ShouldBeUnique();
    }

    [PostgresFact]
    public async Task WatchAsync_NewChange_ComesByTheDoorbell()
    {
        // The slow read comes after NextAsync has given up: what comes, came by NOTIFY.
        await using StorageHost host = await StorageHost.MigratedAsync(postgres, ("Fleet:Database:FeedReadIntervalMilliseconds", "60000"));
        long epoch = await host.OpenSessionAsync("pi-1");
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, FeedPosition.Start);
        UtteranceKey first = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
        await watcher.NextAsync(first);

        for (int i = 0; i < 5; i++)
        {
            UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
            (await watcher.NextAsync(key)).Utterance!.Status.ShouldBe(UtteranceStatus.Stored);
        }
    }

    [PostgresFact]
    public async Task WatchAsync_HeldBackByAnotherTransaction_ComesSoonAfterItEnds()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres, ("Fleet:Database:FeedReadIntervalMilliseconds", "60000"));
        long epoch = await host.OpenSessionAsync("pi-1");
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, FeedPosition.Start);
        await watcher.NextAsync(await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now)));
        await using NpgsqlConnection other = await host.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction open = await other.BeginTransactionAsync();

        // Takes a transaction number and rings for nothing when it ends.
        await using (NpgsqlCommand command = new("SELECT pg_current_xact_id()", other))
        {
            await command.ExecuteScalarAsync();
        }

        UtteranceKey held = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
        await open.RollbackAsync();

        await watcher.NextAsync(held);
    }

    /// <summary>The other transaction may end at any instant of a read, also in the middle of it.</summary>
    [PostgresFact]
    public async Task WatchAsync_HeldBackWhileBeingRead_ComesSoonEachTime()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres, ("Fleet:Database:FeedReadIntervalMilliseconds", "60000"));
        long epoch = await host.OpenSessionAsync("pi-1");
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, FeedPosition.Start);
        await using NpgsqlConnection other = await host.DataSource.OpenConnectionAsync();
        Random random = new(7);
        for (int i = 0; i < 300; i++)
        {
            await using NpgsqlTransaction open = await other.BeginTransactionAsync();
            await using (NpgsqlCommand command = new("SELECT pg_current_xact_id()", other))
            {
                await command.ExecuteScalarAsync();
            }

            UtteranceKey held = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
            Thread.SpinWait(random.Next(100_000));
            await open.RollbackAsync();

            await watcher.NextAsync(held);
        }
    }

    [PostgresFact]
    public async Task WatchAsync_PostgresRestartsAndIsKilled_GoesOnWithoutAGap()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using StorageHost host = await StorageHost.MigratedAsync(cluster.Server.OwnerConnectionString());
        long epoch = await host.OpenSessionAsync("pi-1");
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, await host.Feed.CurrentAsync());
        await watcher.NextAsync(await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now)));

        await cluster.Server.RestartAsync(PostgresStopMode.Fast, CancellationToken.None);
        UtteranceKey second = await StoreAgainAsync(host, StorageHost.Utterance("pi-1", epoch, _now));
        await watcher.NextAsync(second);
        await cluster.Server.RestartAsync(PostgresStopMode.Immediate, CancellationToken.None);
        UtteranceKey third = await StoreAgainAsync(host, StorageHost.Utterance("pi-1", epoch, _now));

        await watcher.NextAsync(third);
    }

    [PostgresFact]
    public async Task WatchAsync_DatabaseComesLater_StartsThen()
    {
        await using TestCluster cluster = TestCluster.Create();
        await using StorageHost host = StorageHost.Create(cluster.Server.OwnerConnectionString());
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, FeedPosition.Start);

        await cluster.Server.StartAsync(CancellationToken.None);
        watcher.Ended.IsCompleted.ShouldBeFalse();
        await using StorageHost writer = await StorageHost.MigratedAsync(cluster.Server.OwnerConnectionString());
        UtteranceKey key = await writer.StoreAsync(StorageHost.Utterance("pi-1", await writer.OpenSessionAsync("pi-1"), _now));

        await watcher.NextAsync(key);
    }

    [PostgresFact]
    public async Task WatchAsync_SlowWatcher_MissesNothingAndHoldsUpNobody()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        FeedPosition start = await host.Feed.CurrentAsync();
        await using IAsyncEnumerator<IReadOnlyList<UtteranceChange>> slow = host.Feed.WatchAsync(start).GetAsyncEnumerator();
        await using FeedWatcher quick = FeedWatcher.Start(host.Feed, start);
        List<UtteranceKey> expected = [await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now))];
        await quick.NextAsync(expected[0]);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        List<UtteranceKey> seen = [.. slow.Current.Select(change => change.Key)];

        // More batches than a subscription holds, each seen by the quick one while the slow one sleeps.
        for (int i = 1; i <= 60; i++)
        {
            expected.Add(await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now)));
            await quick.NextAsync(expected[^1]);
        }

        while (seen.Count < expected.Count && await slow.MoveNextAsync().AsTask().WaitAsync(StorageHost.Deadline))
        {
            seen.AddRange(slow.Current.Select(change => change.Key));
        }

        seen.ShouldBe(expected);
    }

    [PostgresFact]
    public async Task WatchAsync_ManyWatchers_ShareOneListeningConnection()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        FeedWatcher[] watchers = [.. Enumerable.Range(0, 30).Select(_ => FeedWatcher.Start(host.Feed, FeedPosition.Start))];
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));

        await Task.WhenAll(watchers.Select(watcher => watcher.NextAsync(key)));

        // Its first read does not wait for the doorbell, which is hung beside it.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        long listening;
        while ((listening = await host.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")) == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        listening.ShouldBe(1);
        foreach (FeedWatcher watcher in watchers)
        {
            await watcher.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task WatchAsync_WritersAtOnceWithInterleavedCommits_EachRowOnceInOrder()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        const int writers = 8;
        const int rows = 40;
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, await host.Feed.CurrentAsync());

        Guid[][] written = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            List<Guid> ids = [];
            for (int i = 0; i < rows; i++)
            {
                await using NpgsqlConnection connection = await host.DataSource.OpenConnectionAsync();
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
                ids.Add(await InsertAsync(connection, _now));
                await Task.Delay(TimeSpan.FromMilliseconds((writer * 7 + i * 3) % 5), TimeProvider.System);
                await transaction.CommitAsync();
            }

            return ids.ToArray();
        }));

        List<UtteranceChange> seen = [];
        while (seen.Count < writers * rows)
        {
            seen.AddRange(await watcher.NextBatchAsync());
        }

        seen.Select(change => change.Key.UtteranceId).Order().ShouldBe(written.SelectMany(ids => ids).Order());
        seen.Select(change => change.Position).ShouldBeInOrder();
    }

    [PostgresFact]
    public async Task WatchAsync_FeedIsDisposed_Ends()
    {
        StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        await using FeedWatcher watcher = FeedWatcher.Start(host.Feed, FeedPosition.Start);
        await watcher.NextAsync(await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now)));

        await host.DisposeAsync();

        await watcher.Ended.WaitAsync(StorageHost.Deadline);
    }

    private static FeedPosition Resumed(UtteranceChange change) =>
        FeedPosition.TryParse(change.Position.ToToken(), out FeedPosition position) ? position : throw new InvalidOperationException();

    private static async Task<Guid> InsertAsync(NpgsqlConnection connection, DateTimeOffset at)
    {
        Guid id = Guid.CreateVersion7(at);
        await using NpgsqlCommand command = new(
            """
            INSERT INTO utterances (device_id, utterance_id, install_id, session_epoch, sequence_number, started_at, duration_ms, trigger, end_reason)
            VALUES ('pi-1', $1, gen_random_uuid(), 1, 1, now(), 1, 1, 1)
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = id } },
        };
        await command.ExecuteNonQueryAsync();
        return id;
    }

    // Transactions of other tests on the same server hold the feed back for moments.
    private static async Task<IReadOnlyList<UtteranceChange>> ReadUntilAsync(
        ChangeFeed feed, FeedPosition after, int count, UtteranceKey? last = null)
    {
        using CancellationTokenSource deadline = new(StorageHost.Deadline);
        while (true)
        {
            IReadOnlyList<UtteranceChange> changes = await feed.ReadAsync(after, count + 10, deadline.Token);
            if (changes.Count >= count && (last is null || changes[^1].Key == last))
            {
                return changes;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }
    }

    private static async Task<UtteranceKey> StoreAgainAsync(StorageHost host, NewUtterance utterance)
    {
        using CancellationTokenSource deadline = new(StorageHost.Deadline);
        while (true)
        {
            try
            {
                return await host.StoreAsync(utterance);
            }
            catch (StorageUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            }
        }
    }
}
