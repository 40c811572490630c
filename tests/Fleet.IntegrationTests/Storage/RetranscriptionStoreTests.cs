using System.Globalization;
using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Storage;

/// <summary>Versions of transcripts, and runs of history through another deployment.</summary>
public sealed class RetranscriptionStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private static readonly RetranscriptionState[] _running = [RetranscriptionState.Running];
    private static readonly RetranscriptionState[] _decided = [RetranscriptionState.Promoting, RetranscriptionState.Discarding];

    [PostgresFact]
    public async Task Complete_DetailsOfAnyKind_AreKeptAsFarAsTheDatabaseCan()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));
        TranscriptDetails details = new()
        {
            Endpoint = "eu.example",
            Queued = TimeSpan.FromMilliseconds(12),
            Scored = TimeSpan.FromDays(10_000),
            Alternatives = [.. Enumerable.Range(0, 20).Select(n => new TranscriptAlternative($"text {n} \0 \uD800 ✓", n == 0 ? float.NaN : 0.5f))],
            Words = [new TranscriptWord("on\0", 10, 200, 0.75f)],
        };

        (await host.Utterances.CompleteAsync([new TranscriptResult(key, host.Silo, 1, UtteranceStatus.Transcribed, "on", Details: details)])).ShouldBe([true]);

        UtteranceVersion only = (await host.Get<TranscriptVersions>().ListAsync("pi-1", key.UtteranceId)).ShouldHaveSingleItem();
        (only.Version, only.IsCurrent, only.Text).ShouldBe((null, true, "on"));
        only.Details.Alternatives.Count.ShouldBe(TranscriptDetails.MaxAlternatives);
        only.Details.Alternatives[0].ShouldBe(new TranscriptAlternative("text 0 \uFFFD \uFFFD ✓", 0));
        only.Details.Words.ShouldHaveSingleItem().ShouldBe(new TranscriptWord("on\uFFFD", 10, 200, 0.75f));
        UtteranceRecord row = (await host.History.GetAsync("pi-1", key.UtteranceId)).ShouldNotBeNull();
        (row.Endpoint, row.Queued, row.Scored).ShouldBe(("eu.example", TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(int.MaxValue)));
    }

    [PostgresFact]
    public async Task Promoted_HistoryAndFeedShowTheNewText_AndTheOldOneStaysReadable()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey said = await host.SayAsync("pi-1", epoch, _now, "turn on the lied");
        UtteranceKey failed = await FailAsync(host, epoch, 2);
        UtteranceKey waiting = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 3));
        RetranscriptionRun run = await StartAsync(host);
        run.Total.ShouldBe(2);
        RetranscriptionClaim claim = (await Runs(host).ClaimAsync(host.Silo, _running)).ShouldNotBeNull();
        FeedPosition before = (await ReadFeedAsync(host, FeedPosition.Start, 3))[^1].Position;

        IReadOnlyList<RetranscriptionTask> tasks = await Runs(host).NextAsync(run.RunId, default(UtteranceKey) with { DeviceId = "" }, 10);
        tasks.ShouldBe([new RetranscriptionTask(said, true, "turn on the lied"), new RetranscriptionTask(failed, true, null)], ignoreOrder: true);
        (await Runs(host).AddVersionAsync(claim, said, Version("turn on the light", 4, 1))).ShouldBe(RetranscriptionWrite.Written);
        (await Runs(host).AddVersionAsync(claim, said, Version("again", 4, 4))).ShouldBe(RetranscriptionWrite.NotNeeded);
        (await Runs(host).AddVersionAsync(claim, failed, Version("at last", 0, 0))).ShouldBe(RetranscriptionWrite.Written);
        (await host.History.GetAsync("pi-1", said.UtteranceId)).ShouldNotBeNull().Text.ShouldBe("turn on the lied");
        (await host.Feed.ReadAsync(before, 10, CancellationToken.None)).ShouldBeEmpty("what is not promoted changes nothing that is shown");
        (await Runs(host).FinishAsync(claim)).ShouldBeTrue();
        (await Runs(host).ListItemsAsync(run.RunId, new UtteranceKey("", Guid.Empty), true, 10)).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(item => item.OldText.ShouldBe("turn on the lied"), item => item.NewText.ShouldBe("turn on the light"));
        (await Runs(host).PromoteAsync(run.RunId, "anna")).ShouldBeTrue();
        await SettleAsync(host);

        IReadOnlyList<UtteranceChange> changes = await ReadFeedAsync(host, before, 2);
        changes.Select(change => change.Utterance.ShouldNotBeNull().Text).ShouldBe(["turn on the light", "at last"], ignoreOrder: true);
        (await FindAsync(host, "light")).ShouldBe([said]);
        (await FindAsync(host, "lied")).ShouldBeEmpty();
        IReadOnlyList<UtteranceVersion> versions = await host.Get<TranscriptVersions>().ListAsync("pi-1", said.UtteranceId);
        versions.Select(version => (version.Version, version.IsCurrent, version.RunId, version.Text, version.Deployment)).ShouldBe(
            [(2, true, run.RunId, "turn on the light", "green"), (1, false, null, "turn on the lied", null)]);
        RetranscriptionRun promoted = (await Runs(host).GetAsync(run.RunId)).ShouldNotBeNull();
        (promoted.State, promoted.Promoted, promoted.Differing, promoted.OldWords, promoted.WordEdits, promoted.DecidedBy)
            .ShouldBe((RetranscriptionState.Promoted, 2, 1, 4, 1, "anna"));
        (await Runs(host).DiscardAsync(run.RunId, "anna")).ShouldBeFalse();
        (await host.History.GetAsync("pi-1", waiting.UtteranceId)).ShouldNotBeNull().Status.ShouldBe(UtteranceStatus.Stored);
    }

    [PostgresFact]
    public async Task Discarded_NothingOfTheRunIsLeft()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey said = await host.SayAsync("pi-1", await host.OpenSessionAsync("pi-1"), _now, "hello");
        RetranscriptionRun run = await StartAsync(host);
        RetranscriptionClaim claim = (await Runs(host).ClaimAsync(host.Silo, _running)).ShouldNotBeNull();
        await Runs(host).AddVersionAsync(claim, said, Version("jello", 1, 1));
        (await Runs(host).PromoteAsync(run.RunId, "")).ShouldBeFalse("it runs");

        (await Runs(host).CancelAsync(run.RunId)).ShouldBeTrue();
        (await Runs(host).IsMineAsync(claim)).ShouldBeFalse();
        (await Runs(host).DiscardAsync(run.RunId, "anna")).ShouldBeTrue();
        await SettleAsync(host);

        (await host.ScalarAsync<long>("SELECT count(*) FROM transcript_versions WHERE run_id IS NOT NULL")).ShouldBe(0);
        (await host.Get<TranscriptVersions>().ListAsync("pi-1", said.UtteranceId)).ShouldHaveSingleItem().Text.ShouldBe("hello");
        (await Runs(host).GetAsync(run.RunId)).ShouldNotBeNull().State.ShouldBe(RetranscriptionState.Discarded);
        (await Runs(host).PromoteAsync(run.RunId, "")).ShouldBeFalse();
    }

    [PostgresFact]
    public async Task Claim_OfASiloThatDied_GoesToAnotherAndTheFirstWritesNothingMore()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey said = await host.SayAsync("pi-1", await host.OpenSessionAsync("pi-1"), _now, "hello");
        RetranscriptionRun run = await StartAsync(host);
        long other = await host.Silos.RegisterAsync("other");
        RetranscriptionClaim first = (await Runs(host).ClaimAsync(host.Silo, _running)).ShouldNotBeNull();
        (await Runs(host).ClaimAsync(other, _running)).ShouldBeNull("its silo lives");

        await host.Silos.EndAsync(host.Silo);
        RetranscriptionClaim second = (await Runs(host).ClaimAsync(other, _running)).ShouldNotBeNull();

        (second.RunId, second.Attempt).ShouldBe((run.RunId, first.Attempt + 1));
        (await Runs(host).ClaimAsync(host.Silo, _running)).ShouldBeNull("its lease has ended");
        (await Runs(host).AddVersionAsync(first, said, Version("late", 1, 1))).ShouldBe(RetranscriptionWrite.NotYours);
        (await Runs(host).EndItemAsync(first, said, RetranscriptionItemState.Failed, "late")).ShouldBe(RetranscriptionWrite.NotYours);
        (await Runs(host).FinishAsync(first)).ShouldBeFalse();
        (await Runs(host).AddVersionAsync(second, said, Version("jello", 1, 1))).ShouldBe(RetranscriptionWrite.Written);
        (await host.ScalarAsync<long>("SELECT count(*) FROM transcript_versions")).ShouldBe(2);
    }

    [PostgresFact]
    public async Task Erase_DuringARun_TakesEveryVersionAndTheRunGoesOn()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey done = await host.SayAsync("pi-1", epoch, _now, "secret one");
        UtteranceKey inWork = await host.SayAsync("pi-1", epoch, _now, "secret two");
        UtteranceKey stays = await host.SayAsync("pi-1", epoch, _now, "plain");
        RetranscriptionRun run = await StartAsync(host);
        RetranscriptionClaim claim = (await Runs(host).ClaimAsync(host.Silo, _running)).ShouldNotBeNull();
        await Runs(host).AddVersionAsync(claim, done, Version("secret won", 2, 1));

        (await host.Utterances.EraseAsync([done, inWork])).ShouldBe(2);

        (await Runs(host).AddVersionAsync(claim, inWork, Version("secret too", 2, 1))).ShouldBe(RetranscriptionWrite.NotNeeded);
        (await Runs(host).AddVersionAsync(claim, stays, Version("plane", 1, 1))).ShouldBe(RetranscriptionWrite.Written);
        (await host.ScalarAsync<long>("SELECT count(*) FROM transcript_versions WHERE text LIKE '%secret%'")).ShouldBe(0);
        (await Runs(host).FinishAsync(claim)).ShouldBeTrue();
        RetranscriptionRun finished = (await Runs(host).GetAsync(run.RunId)).ShouldNotBeNull();
        (finished.Total, finished.Recognised, finished.Skipped).ShouldBe((3, 1, 2));
        IReadOnlyList<RetranscriptionItem> items = await Runs(host).ListItemsAsync(run.RunId, new UtteranceKey("", Guid.Empty), false, 10);
        items.Where(item => item.State == RetranscriptionItemState.Skipped).ShouldAllBe(item => item.Reason == "It was erased." && item.NewText == null);
        await Runs(host).PromoteAsync(run.RunId, "");
        await SettleAsync(host);
        (await host.History.GetAsync("pi-1", done.UtteranceId)).ShouldBeNull();
        (await FindAsync(host, "plane")).ShouldBe([stays]);
    }

    [PostgresFact]
    public async Task Promote_OfWhatWasTriedAgainMeanwhile_KeepsThatTextToo()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey key = await FailAsync(host, await host.OpenSessionAsync("pi-1"), 1);
        RetranscriptionRun run = await StartAsync(host);
        RetranscriptionClaim claim = (await Runs(host).ClaimAsync(host.Silo, _running)).ShouldNotBeNull();
        await Runs(host).AddVersionAsync(claim, key, Version("from the run", 0, 0));
        await Runs(host).FinishAsync(claim);
        (await host.Utterances.RetryAsync([key])).ShouldBe(1);
        ClaimedUtterance again = (await host.Utterances.ClaimAsync(host.Silo, 1)).ShouldHaveSingleItem();
        (await host.Utterances.CompleteAsync([new TranscriptResult(key, host.Silo, again.Attempt, UtteranceStatus.Transcribed, "from the retry")])).ShouldBe([true]);

        await Runs(host).PromoteAsync(run.RunId, "");
        await SettleAsync(host);

        (await host.Get<TranscriptVersions>().ListAsync("pi-1", key.UtteranceId)).Select(version => (version.Version, version.IsCurrent, version.Text))
            .ShouldBe([(1, true, "from the run"), (2, false, "from the retry")]);
    }

    [PostgresFact]
    public async Task Start_Bounds_AreKept()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        await host.SayAsync("pi-1", epoch, _now, "one");
        await host.SayAsync("pi-1", epoch, _now, "two");
        NewRetranscription run = new(Guid.NewGuid(), "green", new RetranscriptionFilter(), "test");

        (await Runs(host).StartAsync(run, 1)).ShouldBe(StartRetranscriptionOutcome.TooManyUtterances);
        (await Runs(host).StartAsync(run with { Filter = new RetranscriptionFilter { To = _now.AddDays(-1) } }, 10)).ShouldBe(StartRetranscriptionOutcome.NothingFound);
        (await Runs(host).StartAsync(run with { Filter = new RetranscriptionFilter { DeviceIds = ["\0"] } }, 10)).ShouldBe(StartRetranscriptionOutcome.NothingFound);
        (await Runs(host).ListAsync(10)).ShouldBeEmpty();
        (await Runs(host).StartAsync(run with { Filter = new RetranscriptionFilter { Text = "two", DeviceIds = ["pi-1"], From = _now.AddHours(-1) } }, 10))
            .ShouldBe(StartRetranscriptionOutcome.Started);
        (await Runs(host).StartAsync(run, 1)).ShouldBe(StartRetranscriptionOutcome.Started, "asked again it is the same run");
        RetranscriptionRun started = (await Runs(host).ListAsync(10)).ShouldHaveSingleItem();
        (started.Total, started.Filter.Text, started.Filter.From).ShouldBe((1, "two", _now.AddHours(-1)));
        for (int i = 1; i < RetranscriptionStore.MaxOpenRuns; i++)
        {
            (await Runs(host).StartAsync(run with { RunId = Guid.NewGuid() }, 10)).ShouldBe(StartRetranscriptionOutcome.Started);
        }

        (await Runs(host).StartAsync(run with { RunId = Guid.NewGuid() }, 10)).ShouldBe(StartRetranscriptionOutcome.TooManyRuns);
    }

    [PostgresFact]
    public async Task Retention_VersionsGoWithTheirUtterance_AndEmptyRunsToo()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres, ("Fleet:Database:RetentionDays", "30"));
        DateTimeOffset expired = _now.AddDays(-100);
        await host.ScalarAsync<int>($"SELECT fleet_ensure_partitions('{expired:yyyy-MM-dd}', 1)");
        long epoch = await host.OpenSessionAsync("pi-1");
        await host.Utterances.StoreAsync([StorageHost.Utterance("pi-1", epoch, _now)], host.Silo);
        // What is older than the retention is not stored any more: these were stored in their time.
        Guid[] old = [Guid.CreateVersion7(expired), Guid.CreateVersion7(expired.AddDays(-200))];
        foreach (Guid id in old)
        {
            await host.ScalarAsync<string>(
                $"""
                INSERT INTO utterances (device_id, utterance_id, session_epoch, sequence_number, started_at, duration_ms, trigger, end_reason, status, text, install_id)
                SELECT device_id, '{id}', session_epoch, 0, '{_now:O}', 1, 1, 1, 2, 'old words', install_id FROM devices RETURNING device_id
                """);
        }

        await host.ScalarAsync<int>("UPDATE installs SET reconciled_below = 100 RETURNING 1");
        RetranscriptionRun run = await StartAsync(host);
        RetranscriptionClaim claim = (await Runs(host).ClaimAsync(host.Silo, _running)).ShouldNotBeNull();
        foreach (Guid id in old)
        {
            (await Runs(host).AddVersionAsync(claim, new UtteranceKey("pi-1", id), Version("older words", 2, 1))).ShouldBe(RetranscriptionWrite.Written);
        }

        await Runs(host).FinishAsync(claim);
        await host.ScalarAsync<int>($"UPDATE retranscriptions SET created_at = '{expired:O}' RETURNING 1");
        (await host.ScalarAsync<long>($"SELECT count(*) FROM transcript_versions_{expired.ToString("yyyy_MM", CultureInfo.InvariantCulture)}")).ShouldBe(2);

        using PartitionWorker worker = RetentionTests.Worker(host);
        (await worker.RemoveExpiredAsync(CancellationToken.None)).ShouldBeTrue();

        (await host.ScalarAsync<long>("SELECT count(*) FROM transcript_versions")).ShouldBe(0);
        (await host.ScalarAsync<long>("SELECT count(*) FROM retranscription_items")).ShouldBe(0);
        (await Runs(host).GetAsync(run.RunId)).ShouldBeNull();
    }

    [PostgresFact]
    public async Task Reader_MayReadVersionsAndRuns_AndChangeNothing()
    {
        TestDatabase database = await TestDatabase.CreateAsync();
        await using StorageHost host = await StorageHost.MigratedAsync(database.OwnerConnectionString);
        UtteranceKey said = await host.SayAsync("pi-1", await host.OpenSessionAsync("pi-1"), _now, "hello");
        RetranscriptionRun run = await StartAsync(host);
        await using StorageHost reader = StorageHost.Create(database.DashboardConnectionString);

        (await reader.Get<TranscriptVersions>().ListAsync("pi-1", said.UtteranceId)).ShouldHaveSingleItem();
        (await Runs(reader).GetAsync(run.RunId)).ShouldNotBeNull().Total.ShouldBe(1);
        (await Runs(reader).ListItemsAsync(run.RunId, new UtteranceKey("", Guid.Empty), false, 10)).ShouldHaveSingleItem();
        await Should.ThrowAsync<Exception>(() => Runs(reader).CancelAsync(run.RunId));
    }

    private static RetranscriptionStore Runs(StorageHost host) => host.Get<RetranscriptionStore>();

    private static NewVersion Version(string text, int oldWords, int edits) => new(UtteranceStatus.Transcribed, text)
    {
        Deployment = "green", Engine = "fake", OldWords = oldWords, WordEdits = edits, Confidence = 0.5f,
    };

    private static async Task<RetranscriptionRun> StartAsync(StorageHost host)
    {
        NewRetranscription run = new(Guid.CreateVersion7(), "green", new RetranscriptionFilter(), "test");
        (await Runs(host).StartAsync(run, 1_000)).ShouldBe(StartRetranscriptionOutcome.Started);
        return (await Runs(host).GetAsync(run.RunId)).ShouldNotBeNull();
    }

    private static async Task SettleAsync(StorageHost host)
    {
        RetranscriptionClaim claim = (await Runs(host).ClaimAsync(host.Silo, _decided)).ShouldNotBeNull();
        while (await Runs(host).CarryOutAsync(claim, 1) > 0)
        {
        }

        (await Runs(host).SettleAsync(claim)).ShouldBeTrue();
    }

    private static async Task<UtteranceKey> FailAsync(StorageHost host, long epoch, long number)
    {
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, number));
        (await host.Utterances.CompleteAsync([new TranscriptResult(key, host.Silo, 1, UtteranceStatus.Failed, Reason: "no")])).ShouldBe([true]);
        return key;
    }

    private static async Task<UtteranceKey[]> FindAsync(StorageHost host, string text) =>
        [.. (await host.History.SearchAsync(new HistoryQuery { Text = text })).Items.Select(item => item.Utterance.Key)];

    private static async Task<IReadOnlyList<UtteranceChange>> ReadFeedAsync(StorageHost host, FeedPosition after, int expected)
    {
        using CancellationTokenSource deadline = new(StorageHost.Deadline);
        while (true)
        {
            if (await host.Feed.ReadAsync(after, 10, deadline.Token) is { } changes && changes.Count == expected)
            {
                return changes;
            }
        }
    }
}
