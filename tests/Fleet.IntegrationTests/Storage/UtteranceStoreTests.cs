using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

public sealed class UtteranceStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task StoreAsync_NewUtterance_IsFoundWithItsAudio()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        byte[] pcm = new byte[200_000];
        Random.Shared.NextBytes(pcm);
        NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now, 7, pcm) with
        {
            Trigger = Trigger.Keyword, Keyword = "computer", KeywordScore = 0.75f, KeywordModelId = "model-1",
            TranscribeFrom = TimeSpan.FromMilliseconds(480),
        };

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync([utterance], host.Silo);

        results.ShouldBe([new StoreResult(StoreOutcome.Stored, Attempt: 1)]);
        UtteranceRecord found = (await host.History.GetAsync("pi-1", utterance.UtteranceId)).ShouldNotBeNull();
        found.Status.ShouldBe(UtteranceStatus.Stored);
        found.SequenceNumber.ShouldBe(7);
        found.StartedAt.ShouldBe(_now, TimeSpan.FromMicroseconds(1));
        found.Duration.ShouldBe(TimeSpan.FromMilliseconds(1_234));
        found.Trigger.ShouldBe(Trigger.Keyword);
        found.Keyword.ShouldBe("computer");
        found.KeywordScore.ShouldBe(0.75f);
        found.KeywordModelId.ShouldBe("model-1");
        found.Source.ShouldBe("alsa:default");
        found.EndReason.ShouldBe(UtteranceEnd.Types.Reason.Silence);
        found.HasAudio.ShouldBeTrue();
        StoredAudio audio = (await host.Audio.ReadAsync("pi-1", utterance.UtteranceId)).ShouldNotBeNull();
        audio.SampleRateHz.ShouldBe(16_000);
        audio.Pcm.ToArray().ShouldBe(pcm);
        audio.TranscribeFrom.ShouldBe(TimeSpan.FromMilliseconds(480));
        DeviceSummary device = (await host.Devices.ListAsync()).ShouldHaveSingleItem();
        device.StoredUtterances.ShouldBe(1);
        device.LastSequenceNumber.ShouldBe(7);
    }

    [PostgresFact]
    public async Task StoreAsync_Unowned_IsNobodysJobUntilItIsClaimed()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance owned = StorageHost.Utterance("pi-1", epoch, _now, 1);
        NewUtterance unowned = StorageHost.Utterance("pi-1", epoch, _now, 2) with { IsUnowned = true, TranscribeFrom = TimeSpan.FromMilliseconds(480) };

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync([owned, unowned], host.Silo);
        IReadOnlyList<StoreResult> again = await host.Utterances.StoreAsync([owned, unowned], host.Silo);

        results.ShouldBe([new StoreResult(StoreOutcome.Stored, Attempt: 1), new StoreResult(StoreOutcome.Stored)]);
        again.ShouldBe([new StoreResult(StoreOutcome.Duplicate, Attempt: 1), new StoreResult(StoreOutcome.Duplicate)]);
        IReadOnlyList<ClaimedUtterance> claimed = await host.Utterances.ClaimAsync(host.Silo, 10);
        claimed.ShouldHaveSingleItem().Key.ShouldBe(unowned.Key);
        claimed[0].Audio.ShouldNotBeNull().TranscribeFrom.ShouldBe(TimeSpan.FromMilliseconds(480));
    }

    [PostgresFact]
    public async Task StoreAsync_SentAgain_IsDuplicateAndWritesNothing()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now);
        await host.StoreAsync(utterance);

        // As after a connection that broke during the commit: the same silo, the job still open.
        IReadOnlyList<StoreResult> again = await host.Utterances.StoreAsync([utterance with { Pcm = new byte[] { 9, 9 } }], host.Silo);
        IReadOnlyList<StoreResult> elsewhere = await host.Utterances.StoreAsync([utterance], host.Silo + 1);
        await host.Utterances.CompleteAsync([new TranscriptResult(utterance.Key, host.Silo, 1, UtteranceStatus.Empty)]);
        IReadOnlyList<StoreResult> afterwards = await host.Utterances.StoreAsync([utterance], host.Silo);

        again.ShouldBe([new StoreResult(StoreOutcome.Duplicate, Attempt: 1)]);
        elsewhere.ShouldBe([new StoreResult(StoreOutcome.Duplicate)]);
        afterwards.ShouldBe([new StoreResult(StoreOutcome.Duplicate)]);
        (await host.Audio.ReadAsync("pi-1", utterance.UtteranceId)).ShouldNotBeNull().Pcm.ToArray().ShouldBe([1, 2, 3, 4]);
        (await host.Devices.ListAsync()).Single().StoredUtterances.ShouldBe(1);
    }

    [PostgresFact]
    public async Task StoreAsync_SameUtteranceTwiceInOneGroup_IsStoredOnce()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now);

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync([utterance, utterance], host.Silo);

        results.ShouldBe([new StoreResult(StoreOutcome.Stored, Attempt: 1), new StoreResult(StoreOutcome.Duplicate)]);
    }

    [PostgresFact]
    public async Task StoreAsync_OlderSessionOrUnknownDevice_IsFenced()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long older = await host.OpenSessionAsync("pi-1");
        long newer = await host.OpenSessionAsync("pi-1");

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync(
            [
                StorageHost.Utterance("pi-1", older, _now, 1),
                StorageHost.Utterance("pi-1", newer, _now, 2),
                StorageHost.Utterance("never-seen", 1, _now, 3),
            ],
            host.Silo);

        newer.ShouldBe(older + 1);
        results.Select(result => result.Outcome).ShouldBe([StoreOutcome.Fenced, StoreOutcome.Stored, StoreOutcome.Fenced]);
        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances")).ShouldBe(1);
    }

    [PostgresFact]
    public async Task StoreAsync_ErasedUtterance_IsGone()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now);
        await using (NpgsqlCommand erase = host.DataSource.CreateCommand("INSERT INTO erased_utterances VALUES ('pi-1', $1)"))
        {
            erase.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = utterance.UtteranceId });
            await erase.ExecuteNonQueryAsync();
        }

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync([utterance], host.Silo);

        results.ShouldBe([new StoreResult(StoreOutcome.Gone)]);
    }

    [PostgresFact]
    public async Task StoreAsync_BadRowsInAGroupOfFifty_OnlyTheyFail()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance[] group = [.. Enumerable.Range(0, 50).Select(n => StorageHost.Utterance("pi-1", epoch, _now, n))];
        group[17] = group[17] with { Source = "nul\0 here" };
        group[18] = group[18] with { Duration = TimeSpan.FromSeconds(-1) };
        group[43] = group[43] with { Keyword = "half \uD83D a character" };

        IReadOnlyList<StoreResult> results = await host.Utterances.StoreAsync(group, host.Silo);

        int[] failed = [.. Enumerable.Range(0, 50).Where(n => results[n].Outcome == StoreOutcome.Failed)];
        failed.ShouldBe([17, 18, 43]);
        failed.ShouldAllBe(n => !string.IsNullOrEmpty(results[n].Message));
        results.Count(result => result.Outcome == StoreOutcome.Stored).ShouldBe(47);
        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances JOIN utterance_audio USING (device_id, utterance_id)")).ShouldBe(47);
        (await host.Devices.ListAsync()).Single().StoredUtterances.ShouldBe(47);
    }

    [PostgresFact]
    public async Task StoreAsync_GroupsOfTheSameDevicesAtOnce_DoNotBlockEachOther()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long a = await host.OpenSessionAsync("a");
        long b = await host.OpenSessionAsync("b");

        IReadOnlyList<StoreResult>[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => host.Utterances.StoreAsync(
            n % 2 == 0
                ? [StorageHost.Utterance("a", a, _now), StorageHost.Utterance("b", b, _now)]
                : [StorageHost.Utterance("b", b, _now), StorageHost.Utterance("a", a, _now)],
            host.Silo))).WaitAsync(StorageHost.Deadline);

        results.SelectMany(result => result).ShouldAllBe(result => result.Outcome == StoreOutcome.Stored);
        (await host.Devices.ListAsync()).Select(device => device.StoredUtterances).ShouldBe([20, 20]);
    }

    [PostgresFact]
    public async Task StoreAsync_DatabaseAway_ThrowsStorageUnavailable()
    {
        await using TestCluster cluster = TestCluster.Create();
        await using StorageHost host = StorageHost.Create(cluster.Server.OwnerConnectionString());

        await Should.ThrowAsync<StorageUnavailableException>(
            () => host.Utterances.StoreAsync([StorageHost.Utterance("pi-1", 1, _now)], 1));
    }

    [PostgresFact]
    public async Task StoreAsync_AudioWithoutItsRowIsThere_IsReplaced()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now);
        await host.StoreAsync(utterance);
        await host.ScalarAsync<string>("DELETE FROM utterances RETURNING device_id");

        await host.StoreAsync(utterance with { Pcm = new byte[] { 5, 6 } });

        (await host.Audio.ReadAsync("pi-1", utterance.UtteranceId)).ShouldNotBeNull().Pcm.ToArray().ShouldBe([5, 6]);
    }

    [PostgresFact]
    public async Task DataSource_PasswordFile_IsReadForEachConnection()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        NpgsqlConnectionStringBuilder connection = new(database.OwnerConnectionString) { Pooling = false };
        string password = connection.Password.ShouldNotBeNull();
        connection.Password = null;
        string file = Path.GetTempFileName();
        try
        {
            await using StorageHost host = StorageHost.Create(connection.ConnectionString, ("Fleet:Database:PasswordFile", file));
            await File.WriteAllTextAsync(file, "wrong");
            await Should.ThrowAsync<StorageUnavailableException>(() => host.Migrator.MigrateAsync());

            await File.WriteAllTextAsync(file, password + "\n");
            await host.Migrator.MigrateAsync();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [PostgresFact]
    public async Task OpenSessionAsync_OtherInstall_IsRefusedAndChangesNothing()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid holder = Guid.NewGuid();
        OpenSessionResult first = await host.Devices.OpenSessionAsync("pi-1", holder, Guid.NewGuid(), "1.0", "test");

        OpenSessionResult other = await host.Devices.OpenSessionAsync("pi-1", Guid.NewGuid(), Guid.NewGuid(), "2.0", "test");

        first.ShouldBeOfType<SessionOpened>().NewDevice.ShouldBeTrue();
        other.ShouldBeOfType<HeldByOtherInstall>().InstallId.ShouldBe(holder);
        DeviceSummary device = (await host.Devices.GetAsync("pi-1")).ShouldNotBeNull();
        device.AgentVersion.ShouldBe("1.0");
        device.SessionEpoch.ShouldBe(1);
    }

    [PostgresFact]
    public async Task TouchAsync_KnownAndUnknownDevices_MovesLastSeenOfTheKnown()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.OpenSessionAsync("pi-1");
        DeviceSummary before = (await host.Devices.GetAsync("pi-1")).ShouldNotBeNull();

        await host.Devices.TouchAsync(["pi-1", "never-seen"]);

        DeviceSummary after = (await host.Devices.ListAsync()).ShouldHaveSingleItem();
        after.LastSeen.ShouldBeGreaterThan(before.LastSeen);
        after.FirstSeen.ShouldBe(before.FirstSeen);
    }
}
