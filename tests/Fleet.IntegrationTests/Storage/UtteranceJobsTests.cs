using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Storage;

public sealed class UtteranceJobsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task ClaimAsync_OwnerAlive_FindsNothing()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));
        long other = await host.Silos.RegisterAsync("other");

        (await host.Utterances.ClaimAsync(other, 10)).ShouldBeEmpty();
        (await host.Utterances.ClaimAsync(host.Silo, 10)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task ClaimAsync_LeaseRanOut_TakesOverAndTheOldOwnersResultIsNotWritten()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));
        long other = await host.Silos.RegisterAsync("other");
        await host.ScalarAsync<long>(
            $"UPDATE silos SET lease_until = clock_timestamp() - interval '1 s' WHERE epoch = {host.Silo} RETURNING epoch");

        ClaimedUtterance claimed = (await host.Utterances.ClaimAsync(other, 10)).ShouldHaveSingleItem();
        IReadOnlyList<bool> late = await host.Utterances.CompleteAsync([Transcribed(key, host.Silo, 1, "late")]);
        IReadOnlyList<bool> staleAttempt = await host.Utterances.CompleteAsync([Transcribed(key, other, 1, "stale")]);
        IReadOnlyList<bool> right = await host.Utterances.CompleteAsync([Transcribed(key, other, claimed.Attempt, "right")]);

        claimed.Key.ShouldBe(key);
        claimed.Attempt.ShouldBe(2);
        claimed.Audio.ShouldNotBeNull().Pcm.ToArray().ShouldBe([1, 2, 3, 4]);
        claimed.Duration.ShouldBe(TimeSpan.FromMilliseconds(1_234));
        (late[0], staleAttempt[0], right[0]).ShouldBe((false, false, true));
        (await host.History.GetAsync("pi-1", key.UtteranceId)).ShouldNotBeNull().Text.ShouldBe("right");
        (await host.Utterances.ClaimAsync(other, 10)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task ClaimAsync_ManySilosAtOnce_EachUtteranceGoesToOne()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance[] group = [.. Enumerable.Range(0, 40).Select(n => StorageHost.Utterance("pi-1", epoch, _now, n))];
        await host.Utterances.StoreAsync(group, host.Silo);
        await host.Silos.EndAsync(host.Silo);
        long[] silos = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => host.Silos.RegisterAsync($"silo-{n}")));

        IReadOnlyList<ClaimedUtterance>[] claims = await Task.WhenAll(silos.Select(silo => host.Utterances.ClaimAsync(silo, 5)));

        claims.SelectMany(claim => claim).Select(claim => claim.Key).ShouldBeUnique();
        claims.ShouldAllBe(claim => claim.Count <= 5);
        (await host.Utterances.ClaimAsync(silos[0], 100)).Count.ShouldBe(40 - claims.Sum(claim => claim.Count));
    }

    [PostgresFact]
    public async Task ClaimAsync_OwnLeaseEnded_GetsNothing()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));

        await host.Silos.EndAsync(host.Silo);

        (await host.Utterances.ClaimAsync(host.Silo, 10)).ShouldBeEmpty();
        (await host.Silos.RenewAsync(host.Silo)).ShouldBeFalse();
    }

    [PostgresFact]
    public async Task RenewAsync_LeaseRanOut_IsAliveAgain()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));
        await host.ScalarAsync<long>("UPDATE silos SET lease_until = clock_timestamp() - interval '1 s' RETURNING epoch");

        bool renewed = await host.Silos.RenewAsync(host.Silo);

        renewed.ShouldBeTrue();
        (await host.Utterances.ClaimAsync(await host.Silos.RegisterAsync("other"), 10)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task ReleaseAsync_AllOrSome_AreFreeAtOnce()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey first = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 1));
        UtteranceKey second = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now.AddSeconds(1), 2));
        UtteranceKey third = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now.AddSeconds(2), 3));
        await host.Utterances.CompleteAsync([Transcribed(third, host.Silo, 1, "done")]);

        (await host.Utterances.ReleaseAsync(host.Silo, [second])).ShouldBe(1);
        (await host.Utterances.ClaimAsync(host.Silo, 10)).Select(claim => (claim.Key, claim.Attempt)).ShouldBe([(second, 2)]);
        (await host.Utterances.ReleaseAsync(host.Silo)).ShouldBe(2);
        (await host.Utterances.ClaimAsync(host.Silo, 10)).Select(claim => claim.Key).ShouldBe([first, second]);
    }

    [PostgresFact]
    public async Task ClaimAsync_AudioIsGone_IsClaimedWithoutIt()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));
        await host.ScalarAsync<string>("DELETE FROM utterance_audio RETURNING device_id");
        await host.Utterances.ReleaseAsync(host.Silo);

        ClaimedUtterance claimed = (await host.Utterances.ClaimAsync(host.Silo, 10)).ShouldHaveSingleItem();

        claimed.Audio.ShouldBeNull();
        (await host.History.GetAsync("pi-1", key.UtteranceId)).ShouldNotBeNull().HasAudio.ShouldBeFalse();
    }

    [PostgresFact]
    public async Task CompleteAsync_WhatAnEngineMaySay_IsKept()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey odd = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 1));
        UtteranceKey endless = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 2));
        UtteranceKey failed = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 3));

        IReadOnlyList<bool> written = await host.Utterances.CompleteAsync(
        [
            new TranscriptResult(
                odd, host.Silo, 1, UtteranceStatus.Transcribed, "a\0b \uD83D 😀", float.NaN, null, "engine", "model", "blue", "r-1"),
            Transcribed(endless, host.Silo, 1, string.Concat(Enumerable.Repeat("wörd😀 ", 50_000))),
            new TranscriptResult(failed, host.Silo, 1, UtteranceStatus.Failed, Reason: new string('x', 100_000)),
        ]);

        written.ShouldBe([true, true, true]);
        UtteranceRecord first = (await host.History.GetAsync("pi-1", odd.UtteranceId)).ShouldNotBeNull();
        first.Text.ShouldBe("a\uFFFDb \uFFFD 😀");
        first.Confidence.ShouldBeNull();
        (first.Engine, first.Model, first.Deployment, first.RequestId).ShouldBe(("engine", "model", "blue", "r-1"));
        first.TranscribedAt.ShouldNotBeNull();
        (await host.History.GetAsync("pi-1", endless.UtteranceId)).ShouldNotBeNull().Text.Length
            .ShouldBeInRange(UtteranceStore.MaxTextLength - 1, UtteranceStore.MaxTextLength);
        (await host.History.GetAsync("pi-1", failed.UtteranceId)).ShouldNotBeNull().Status.ShouldBe(UtteranceStatus.Failed);
    }

    [PostgresFact]
    public async Task CompleteAsync_CalledAgain_SaysThatItIsWritten()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));
        await host.Utterances.CompleteAsync([Transcribed(key, host.Silo, 1, "first")]);

        IReadOnlyList<bool> again = await host.Utterances.CompleteAsync([Transcribed(key, host.Silo, 1, "second")]);

        again.ShouldBe([true]);
        (await host.History.GetAsync("pi-1", key.UtteranceId)).ShouldNotBeNull().Text.ShouldBe("first");
    }

    [PostgresFact]
    public async Task CompleteAsync_NotAnEnd_IsRefused()
    {
        await using StorageHost host = StorageHost.Create("Host=127.0.0.1");

        await Should.ThrowAsync<ArgumentException>(() => host.Utterances.CompleteAsync(
            [new TranscriptResult(new UtteranceKey("pi-1", Guid.NewGuid()), 1, 1, UtteranceStatus.Stored)]));
    }

    private static TranscriptResult Transcribed(UtteranceKey key, long owner, int attempt, string text) =>
        new(key, owner, attempt, UtteranceStatus.Transcribed, text, 0.5f);
}
