using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;
using Reason = Fleet.V1.UtteranceLost.Types.Reason;

namespace Fleet.IntegrationTests.Storage;

/// <summary>Utterances that devices cannot send.</summary>
public sealed class LossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task StoreLossesAsync_New_IsARowWithItsReason()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        NewLoss loss = StorageHost.Loss("pi-1", await host.OpenSessionAsync("pi-1"), _now, 7) with { Detail = "1024 MiB", Clock = Clock.Corrected };

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreLossesAsync([loss]);

        results.ShouldBe([new StoreResult(StoreOutcome.Stored)]);
        UtteranceRecord row = (await host.History.GetAsync("pi-1", loss.UtteranceId)).ShouldNotBeNull();
        (row.Status, row.SequenceNumber, row.HasAudio, row.Clock).ShouldBe((UtteranceStatus.Lost, 7, false, Clock.Corrected));
        row.Reason.ShouldBe("Lost on the device: spool full. 1024 MiB");
        row.Duration.ShouldBe(TimeSpan.FromSeconds(2));
        row.TranscribedAt.ShouldNotBeNull();
        (await host.Utterances.ClaimAsync(host.Silo, 10)).ShouldBeEmpty();
        UtteranceAccount account = await host.History.GetAccountsAsync();
        (account.Spoken, account.Stored, account.Lost, account.LostByReason[Reason.SpoolFull]).ShouldBe((7, 0, 1, 1));
    }

    [PostgresFact]
    public async Task StoreLossesAsync_RowIsThere_StaysAsItIs()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey stored = await host.SayAsync("pi-1", epoch, _now, "hello");
        NewLoss twice = StorageHost.Loss("pi-1", epoch, _now, 2);

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreLossesAsync(
            [StorageHost.Loss("pi-1", epoch, _now, 1) with { UtteranceId = stored.UtteranceId }, twice, twice]);
        IReadOnlyList<StoreResult> again = await host.Utterances.StoreLossesAsync([twice with { Reason = Reason.Disk }]);

        results.Select(result => result.Outcome).ShouldBe([StoreOutcome.Duplicate, StoreOutcome.Stored, StoreOutcome.Duplicate]);
        again.ShouldBe([new StoreResult(StoreOutcome.Duplicate)]);
        (await host.History.GetAsync("pi-1", stored.UtteranceId)).ShouldNotBeNull().Text.ShouldBe("hello");
        UtteranceAccount account = await host.History.GetAccountsAsync("pi-1");
        (account.Stored, account.LostByReason.Single()).ShouldBe((1, KeyValuePair.Create(Reason.SpoolFull, 1L)));
    }

    [PostgresFact]
    public async Task StoreLossesAsync_OlderSessionErasedOrNotStorable_IsRefusedAlone()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long older = await host.OpenSessionAsync("pi-1");
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey erased = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 1));
        await host.Utterances.EraseAsync([erased]);

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreLossesAsync(
        [
            StorageHost.Loss("pi-1", older, _now, 2),
            StorageHost.Loss("pi-1", epoch, _now, 1) with { UtteranceId = erased.UtteranceId },
            StorageHost.Loss("pi-1", epoch, _now, 3) with { StartedAt = DateTimeOffset.MaxValue, Detail = "nul\0 here" },
            StorageHost.Loss("pi-1", epoch, _now, long.MaxValue),
            StorageHost.Loss("never-seen", 1, _now, 1),
        ]);

        results.Select(result => result.Outcome)
            .ShouldBe([StoreOutcome.Fenced, StoreOutcome.Gone, StoreOutcome.Stored, StoreOutcome.Failed, StoreOutcome.Fenced]);
        results[3].Message.ShouldNotBeNullOrEmpty();
    }

    [PostgresFact]
    public async Task StoreAsync_AudioOfWhatWasReportedLost_IsGone()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewLoss loss = StorageHost.Loss("pi-1", epoch, _now, 1);
        await host.Utterances.StoreLossesAsync([loss]);

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync(
            [StorageHost.Utterance("pi-1", epoch, _now) with { UtteranceId = loss.UtteranceId }], host.Silo);

        results.ShouldBe([new StoreResult(StoreOutcome.Gone)]);
        (await host.Audio.ReadAsync("pi-1", loss.UtteranceId)).ShouldBeNull();
        (await host.History.GetAccountsAsync()).Stored.ShouldBe(0);
    }

    [PostgresFact]
    public async Task FindStoredAsync_RowsLossesAndErasedOnes_AreFoundAndNothingElse()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey stored = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 1));
        UtteranceKey erased = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now, 2));
        NewLoss loss = StorageHost.Loss("pi-1", epoch, _now, 3);
        UtteranceKey ofAnother = await host.StoreAsync(StorageHost.Utterance("pi-2", await host.OpenSessionAsync("pi-2"), _now, 1));
        await host.Utterances.StoreLossesAsync([loss]);
        await host.Utterances.EraseAsync([erased]);

        IReadOnlySet<Guid> found = await host.Utterances.FindStoredAsync(
            "pi-1", [stored.UtteranceId, erased.UtteranceId, loss.UtteranceId, ofAnother.UtteranceId, Guid.NewGuid()]);

        found.ShouldBe([stored.UtteranceId, erased.UtteranceId, loss.UtteranceId], ignoreOrder: true);
    }

    [PostgresFact]
    public async Task CompleteAsync_AudioVanished_MovesFromStoredToLost()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        UtteranceKey key = await host.StoreAsync(StorageHost.Utterance("pi-1", await host.OpenSessionAsync("pi-1"), _now));

        TranscriptResult vanished = new(key, host.Silo, 1, UtteranceStatus.Lost, Reason: "The audio is not kept any more.");
        await host.Utterances.CompleteAsync([vanished]);
        await host.Utterances.CompleteAsync([vanished]);

        UtteranceAccount account = await host.History.GetAccountsAsync();
        (account.Spoken, account.Stored, account.Lost, account.LostByReason[Reason.Unspecified]).ShouldBe((1, 0, 1, 1));
    }
}
