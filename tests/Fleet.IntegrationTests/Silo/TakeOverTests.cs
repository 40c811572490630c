using Fleet.Silo.Transcription;
using Fleet.Storage;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.IntegrationTests.Silo;

/// <summary>The row is the job: whose it is decides, not who answers first.</summary>
public sealed class TakeOverTests : SiloTestBase
{
    [PostgresFact]
    public async Task Answer_AfterAnotherSiloHasTakenTheRow_OverwritesNothing()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Scorer.Answer = async call =>
        {
            await release.Task;
            return ScorerReply.Text(call, "late");
        };
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var (ended, taken) = (await device.SendUtteranceAsync(TestDevice.Pcm(6_400)), await device.SendUtteranceAsync(TestDevice.Pcm(3_200)));
        await device.StoredAsync(ended);
        await device.StoredAsync(taken);
        await EventuallyAsync(() => Task.FromResult(Scorer.Calls.Count == 2), "both are at the endpoint");

        // As another silo does: it has ended the one, and works on the other.
        await QueryAsync(
            $"""
            INSERT INTO silos (name, lease_until) VALUES ('another', clock_timestamp() + interval '1 hour');
            UPDATE utterances SET owner = (SELECT max(epoch) FROM silos), attempt = attempt + 1;
            UPDATE utterances SET status = 2, text = 'first', transcribed_at = clock_timestamp() WHERE utterance_id = '{ended}';
            """);
        release.SetResult();

        var (worker, writer) = (silo.Services.GetRequiredService<TranscriptionWorker>(), silo.Services.GetRequiredService<ResultWriter>());
        await EventuallyAsync(() => Task.FromResult(worker.Busy == 0 && writer.UnwrittenCount == 0), "the late answers are dealt with");
        (await QueryAsync($"SELECT text FROM utterances WHERE utterance_id = '{ended}'")).ShouldBe("first");
        (await QueryAsync($"SELECT status FROM utterances WHERE utterance_id = '{taken}'")).ShouldBe((short)UtteranceStatus.Stored);
        await device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 3 } });
        (await device.NextAsync()).HeartbeatAck.ShouldNotBeNull().Nonce.ShouldBe(3UL);
    }

    [PostgresFact]
    public async Task Row_OfThisSiloThatItDoesNotKnow_IsTranscribedAllTheSame()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        var epoch = (await device.ConnectAsync()).SessionEpoch;
        var now = TimeProvider.System.GetUtcNow();

        // As when the connection breaks after the database has committed a claim: the row is the silo's, and the silo has no job.
        var row = new NewUtterance(
            device.DeviceId, Guid.CreateVersion7(now), epoch, 1, now, TimeSpan.FromMilliseconds(200), Trigger.Vad, null, null, null, null,
            UtteranceEnd.Types.Reason.Silence, TestDevice.Pcm(6_400));
        (await silo.Services.GetRequiredService<UtteranceStore>().StoreAsync([row], silo.Status.OwnerEpoch)).ShouldHaveSingleItem().Outcome.ShouldBe(StoreOutcome.Stored);

        (await device.TranscriptAsync(row.UtteranceId)).Text.ShouldBe("heard 6400 bytes");
        (await QueryAsync("SELECT attempt FROM utterances")).ShouldBe(2);
        Scorer.Calls.ShouldHaveSingleItem();
    }

    [PostgresFact]
    public async Task Row_OfADeadSilo_IsTakenOverWhenItsLeaseHasEnded_NotBefore()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(id);
        await device.TranscriptAsync(id);
        await QueryAsync(
            """
            INSERT INTO silos (name, lease_until) VALUES ('dead', clock_timestamp() + interval '1 hour');
            UPDATE utterances SET status = 1, text = NULL, owner = (SELECT max(epoch) FROM silos);
            """);
        var sweeps = Scorer.Calls.Count;
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Scorer.Calls.Count.ShouldBe(sweeps);

        await QueryAsync("UPDATE silos SET lease_until = clock_timestamp() WHERE name = 'dead'");

        (await device.TranscriptAsync(id)).Text.ShouldBe("heard 6400 bytes");
        (await QueryAsync("SELECT attempt FROM utterances")).ShouldBe(2);
    }

    [PostgresFact]
    public async Task Stop_WithRowsThatWait_GivesThemBackAtOnce()
    {
        Scorer.Answer = _ => Task.FromResult(new ScorerReply(503, ""));
        var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(id);

        await silo.StopAsync();
        await silo.DisposeAsync();

        (await QueryAsync("SELECT count(*) FROM utterances WHERE status = 1 AND owner IS NULL")).ShouldBe(1L);
        (await QueryAsync("SELECT count(*) FROM silos WHERE ended_at IS NULL")).ShouldBe(0L);
    }

    [PostgresFact]
    public async Task Numbers_OfHelloAndHeartbeat_AreKeptInRoundsAndAtTheStop()
    {
        var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Silo:PresenceSeconds"] = "1" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync(hello =>
        {
            hello.NextSequenceNumber = 7;
            hello.SettledBelow = 5;
        });
        await EventuallyAsync(async () => await NumbersAsync() is "7 5", "Hello's numbers are kept");

        await device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 1, NextSequenceNumber = 9, SettledBelow = 9 } });
        await device.NextAsync(CloudMessage.KindOneofCase.HeartbeatAck);
        await silo.StopAsync();
        await silo.DisposeAsync();

        (await NumbersAsync()).ShouldBe("9 9");
    }

    private Task<object?> NumbersAsync() => QueryAsync("SELECT next_sequence_number || ' ' || settled_below FROM installs");
}
