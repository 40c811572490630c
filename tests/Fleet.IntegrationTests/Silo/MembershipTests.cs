using Fleet.Silo.Ingest;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Fleet.IntegrationTests.Silo;

public sealed class MembershipTests : SiloTestBase
{
    [PostgresFact]
    public async Task SecondSilo_OnTheSameDatabase_StopsItselfAndTheFirstGoesOn()
    {
        await using var first = await StartSiloAsync();
        await using var second = await SiloUnderTest.StartAsync(Database.OwnerConnectionString, Scorer.Endpoint, waitUntilReady: false);

        await StoppedAsync(second);

        second.Status.FailedBecause.ShouldNotBeNull().ShouldContain("Another silo");
        await using var device = first.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);
    }

    [PostgresFact]
    public async Task LockConnection_Cut_IsTakenAgain()
    {
        await using var silo = await StartSiloAsync();

        await ExecuteAsSuperuserAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'fleet-silo-lock%' AND datname = current_database()");

        await EventuallyAsync(
            async () => await ExecuteAsSuperuserAsync(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'fleet-silo-lock%' AND datname = current_database()") is 1L,
            "the lock is held again");
        silo.Status.FailedBecause.ShouldBeNull();
        silo.Status.RefusesCallsBecause.ShouldBeNull();
    }

    [PostgresFact]
    public async Task Lock_TakenByAnotherWhileAway_StopsTheSilo()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Silo:LockCheckMs"] = "1000" });
        await using var other = new NpgsqlConnection(Database.SuperuserConnectionString);
        await other.OpenAsync();
        await using var take = new NpgsqlCommand(
            $"""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'fleet-silo-lock%' AND datname = current_database();
            SELECT pg_advisory_lock({Fleet.Storage.AdvisoryLocks.EmbeddedSilo});
            """,
            other);

        await take.ExecuteNonQueryAsync();
        await StoppedAsync(silo);

        silo.Status.FailedBecause.ShouldNotBeNull().ShouldContain("Another silo");
    }

    [PostgresFact]
    public async Task Restart_WithPendingRows_TranscribesThem()
    {
        Scorer.Answer = _ => Task.FromResult(new ScorerReply(503, ""));
        Guid id;
        string deviceId;
        await using (var first = await StartSiloAsync())
        {
            await using var device = first.NewDevice();
            deviceId = device.DeviceId;
            await device.ConnectAsync();
            id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
            await device.StoredAsync(id);
            await first.StopAsync();
        }

        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, "after the restart"));
        await using var second = await StartSiloAsync();

        var api = second.NewApi();
        await EventuallyAsync(
            async () => (await api.SearchTranscriptsAsync(new SearchTranscriptsRequest { Query = "restart" }, second.ApiHeaders()))
                .Transcripts.Any(row => row.UtteranceId == id.ToString("D") && row.DeviceId == deviceId),
            "the pending row has its transcript");
    }

    [PostgresFact]
    public async Task Queue_Full_OverflowWaitsInTheDatabaseAndIsSwept()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Scorer.Answer = async call =>
        {
            await release.Task;
            return ScorerReply.Text(call, "done");
        };
        await using var silo = await StartSiloAsync(
            new Dictionary<string, string?> { ["Fleet:Scoring:QueueUtterances"] = "1", ["Fleet:Scoring:MaxInFlight"] = "1" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var waiting = new HashSet<string>();
        for (var i = 0; i < 6; i++)
        {
            var id = await device.SendUtteranceAsync(TestDevice.Pcm(320, i));
            await device.StoredAsync(id);
            waiting.Add(id.ToString("D"));
        }

        release.SetResult();

        while (waiting.Count > 0)
        {
            waiting.Remove((await device.NextAsync()).Transcript.UtteranceId).ShouldBeTrue();
        }
    }

    [PostgresFact]
    public async Task Stop_WithADeviceThere_DrainsItAndAnswersWhatWasSent()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));

        var stopping = silo.StopAsync();

        var kinds = new List<CloudMessage.KindOneofCase>();
        var status = default(Status);
        try
        {
            while (true)
            {
                kinds.Add((await device.NextAsync()).KindCase);
            }
        }
        catch (RpcException exception)
        {
            status = exception.Status;
        }

        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        kinds.ShouldContain(CloudMessage.KindOneofCase.Drain);
        kinds.ShouldContain(CloudMessage.KindOneofCase.UtteranceStored);
        status.StatusCode.ShouldBe(StatusCode.Unavailable);
        silo.Services.GetRequiredService<AudioMemory>().HeldBytes.ShouldBe(0);
        id.ShouldNotBe(Guid.Empty);
    }

    private static async Task StoppedAsync(SiloUnderTest silo)
    {
        var lifetime = silo.Services.GetRequiredService<IHostApplicationLifetime>();
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private async Task<object?> ExecuteAsSuperuserAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.SuperuserConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // written out above
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
