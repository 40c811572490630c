using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Storage;

/// <summary>What people decide about stored utterances: transcribe once more, erase.</summary>
public sealed class DecisionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task RetryAsync_Failed_IsClaimedWithANewAttemptAndTheOldResultIsNotWritten()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey key = await FailAsync(host, await host.OpenSessionAsync("pi-1"), _now, 1);
        FeedPosition before = (await ReadFeedAsync(host, FeedPosition.Start))[^1].Position;

        (await host.Utterances.RetryAsync([key, key])).ShouldBe(1);
        (await host.Utterances.RetryAsync([key])).ShouldBe(0);

        UtteranceRecord waiting = (await ReadFeedAsync(host, before)).ShouldHaveSingleItem().Utterance.ShouldNotBeNull();
        (waiting.Status, waiting.Reason, waiting.TranscribedAt).ShouldBe((UtteranceStatus.Stored, null, null));
        (await host.Utterances.CompleteAsync([Result(key, host.Silo, 1, UtteranceStatus.Failed)])).ShouldBe([false]);
        ClaimedUtterance claimed = (await host.Utterances.ClaimAsync(host.Silo, 10)).ShouldHaveSingleItem();
        (claimed.Attempt, claimed.Audio is null).ShouldBe((2, false));
        (await host.Utterances.CompleteAsync([Result(key, host.Silo, 1, UtteranceStatus.Failed)])).ShouldBe([false]);
        (await host.Utterances.CompleteAsync([Result(key, host.Silo, 2, UtteranceStatus.Transcribed)])).ShouldBe([true]);
        (await host.History.GetAsync("pi-1", key.UtteranceId)).ShouldNotBeNull().Status.ShouldBe(UtteranceStatus.Transcribed);
    }

    [PostgresFact]
    public async Task RetryAsync_OthersAndThoseWithoutAudio_StayAsTheyAre()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey said = await host.SayAsync("pi-1", epoch, _now, "hello");
        UtteranceKey waiting = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 2));
        UtteranceKey silent = await FailAsync(host, epoch, _now, 3);
        NewLoss loss = StorageHost.Loss("pi-1", epoch, _now, 4);
        await host.Utterances.StoreLossesAsync([loss]);
        await host.ScalarAsync<string>($"DELETE FROM utterance_audio WHERE utterance_id = '{silent.UtteranceId}' RETURNING device_id");

        int retried = await host.Utterances.RetryAsync([said, waiting, silent, loss.Key, new UtteranceKey("pi-1", Guid.NewGuid()), new UtteranceKey("\0", Guid.NewGuid())]);

        retried.ShouldBe(0);
        (await host.Utterances.RetryAsync(null, null)).ShouldBe(0);
    }

    [PostgresFact]
    public async Task RetryAsync_OfATime_TakesAllFailedOnesOfIt()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance[] group = [.. Enumerable.Range(0, 1_050).Select(n => StorageHost.Utterance("pi-1", epoch, _now.AddMinutes(-n), n + 1))];
        await host.Utterances.StoreAsync(group, host.Silo);
        await host.Utterances.CompleteAsync([.. group.Select(utterance => Result(utterance.Key, host.Silo, 1, UtteranceStatus.Failed))]);

        int some = await host.Utterances.RetryAsync(_now.AddMinutes(-9.5), _now.AddMinutes(-4.5));
        int rest = await host.Utterances.RetryAsync(null, null);

        some.ShouldBe(5);
        rest.ShouldBe(1_045);
        (await host.History.CountsAsync()).ByStatus[UtteranceStatus.Failed].ShouldBe(0);
    }

    [PostgresFact]
    public async Task EraseAsync_RowAndAudioGo_AndItStaysRefused()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now, 1);
        await host.StoreAsync(utterance);
        UtteranceKey other = await host.SayAsync("pi-1", epoch, _now, "hello");

        int erased = await host.Utterances.EraseAsync([utterance.Key, utterance.Key, new UtteranceKey("pi-1", Guid.NewGuid())]);
        int again = await host.Utterances.EraseAsync([utterance.Key]);

        (erased, again).ShouldBe((1, 0));
        (await host.History.GetAsync("pi-1", utterance.UtteranceId)).ShouldBeNull();
        (await host.Audio.ReadAsync("pi-1", utterance.UtteranceId)).ShouldBeNull();
        (await host.Utterances.CompleteAsync([Result(utterance.Key, host.Silo, 1, UtteranceStatus.Transcribed)])).ShouldBe([false]);
        (await host.Utterances.StoreAsync([utterance], host.Silo)).Single().Outcome.ShouldBe(StoreOutcome.Gone);
        (await host.Audio.ReadAsync("pi-1", utterance.UtteranceId)).ShouldBeNull();
        (await host.History.GetAsync("pi-1", other.UtteranceId)).ShouldNotBeNull();
        (await host.ScalarAsync<long>("SELECT count(*) FROM erased_utterances")).ShouldBe(1);
    }

    [PostgresFact]
    public async Task EraseAsync_WhileItIsSentAgain_DoesNotComeBack()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance[] group = [.. Enumerable.Range(1, 20).Select(n => StorageHost.Utterance("pi-1", epoch, _now, n))];
        await host.Utterances.StoreAsync(group, host.Silo);

        await Task.WhenAll(
            Task.WhenAll(group.Select(utterance => host.Utterances.EraseAsync([utterance.Key]))),
            Task.WhenAll(group.Select(utterance => host.Utterances.StoreAsync([utterance], host.Silo)))).WaitAsync(StorageHost.Deadline);

        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances")).ShouldBe(0);
        (await host.ScalarAsync<long>("SELECT count(*) FROM utterance_audio")).ShouldBe(0);
    }

    private static async Task<UtteranceKey> FailAsync(StorageHost host, long epoch, DateTimeOffset at, long number)
    {
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, at, number));
        (await host.Utterances.CompleteAsync([Result(key, host.Silo, 1, UtteranceStatus.Failed)])).ShouldBe([true]);
        return key;
    }

    private static TranscriptResult Result(UtteranceKey key, long owner, int attempt, UtteranceStatus status) =>
        new(key, owner, attempt, status, status == UtteranceStatus.Transcribed ? "hello" : null, Reason: status == UtteranceStatus.Failed ? "no" : null);

    private static async Task<IReadOnlyList<UtteranceChange>> ReadFeedAsync(StorageHost host, FeedPosition after)
    {
        using CancellationTokenSource deadline = new(StorageHost.Deadline);
        while (true)
        {
            if (await host.Feed.ReadAsync(after, 10, deadline.Token) is { Count: > 0 } changes)
            {
                return changes;
            }
        }
    }
}
