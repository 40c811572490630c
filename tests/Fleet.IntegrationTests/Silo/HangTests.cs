using System.Diagnostics;
using Fleet.Silo.Ingest;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fleet.IntegrationTests.Silo;

/// <summary>PostgreSQL neither answers nor refuses (SIGSTOP): the worst of its ways to be away.</summary>
public sealed class HangTests
{
    private const int Limit = 1024 * 1024;

    private static readonly Dictionary<string, string?> _small = new()
    {
        ["Fleet:Ingest:MaxTotalAudioBytes"] = $"{Limit}",
        ["Fleet:Ingest:CreditBytes"] = "262144",
        ["Fleet:Ingest:MaxUtteranceBytes"] = "131072",
        ["Fleet:Ingest:HeartbeatIntervalMs"] = "2000",
        ["Fleet:Database:CommandTimeoutSeconds"] = "2",
        ["Fleet:Database:ConnectTimeoutSeconds"] = "2",
    };

    [PostgresFact]
    public async Task Commit_Hangs_MemoryIsBoundedByCreditAndNobodyIsDropped()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var scorer = await FakeScorer.StartAsync();
        await using var silo = await SiloUnderTest.StartAsync(cluster.Server.OwnerConnectionString(), scorer.Endpoint, _small);
        var memory = silo.Services.GetRequiredService<AudioMemory>();
        var devices = new List<TestDevice>();
        for (var i = 0; i < 5; i++)
        {
            devices.Add(silo.NewDevice());
            await devices[i].ConnectAsync();
        }

        var sent = new List<Guid>();
        using (cluster.Freeze())
        {
            // 960,000 bytes, more than seven eighths.
            for (var i = 0; i < 4; i++)
            {
                sent.Add(await devices[i].SendUtteranceAsync(TestDevice.Pcm(120_000, i)));
                sent.Add(await devices[i].SendUtteranceAsync(TestDevice.Pcm(120_000, i + 10)));
            }

            foreach (var device in devices)
            {
                (await device.NextAsync(CloudMessage.KindOneofCase.Slow)).Slow.CreditBytes.ShouldBe(0UL);
            }

            // The limit is told while the last chunks are still on their way.
            await SiloTestBase.EventuallyAsync(() => Task.FromResult(memory.HeldBytes == 960_000), "all that was sent is held");
            // Longer than the longest statement, and than three heartbeats.
            var hangs = Stopwatch.StartNew();
            for (var beat = 1UL; hangs.Elapsed < TimeSpan.FromSeconds(8); beat++)
            {
                foreach (var device in devices)
                {
                    await device.BeatAsync(beat);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }

        var stored = new HashSet<string>();
        foreach (var device in devices)
        {
            var credit = 0UL;
            var mine = 0;
            while (credit == 0 || mine < (device == devices[4] ? 0 : 2))
            {
                var message = await device.NextAsync();
                if (message.KindCase == CloudMessage.KindOneofCase.UtteranceStored)
                {
                    mine++;
                    stored.Add(message.UtteranceStored.UtteranceId);
                }

                credit = message.Slow?.CreditBytes ?? credit;
            }

            credit.ShouldBe(262_144UL);
            await device.BeatAsync(99);
        }

        stored.ShouldBe(sent.Select(id => id.ToString("D")), ignoreOrder: true);
        await SiloTestBase.EventuallyAsync(() => Task.FromResult(memory.HeldBytes == 0), "all of it is transcribed and let go", TimeSpan.FromSeconds(30));
    }

    [PostgresFact]
    public async Task Commit_HangsWhileTheServerAnswers_HealthSaysSoAndTheTimeOutEndsItWithoutDoubling()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var scorer = await FakeScorer.StartAsync();
        await using var silo = await SiloUnderTest.StartAsync(
            database.OwnerConnectionString, scorer.Endpoint, new Dictionary<string, string?> { ["Fleet:Database:CommandTimeoutSeconds"] = "7" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        Guid id;
        await using (var other = new NpgsqlConnection(database.OwnerConnectionString))
        {
            await other.OpenAsync();
            await using var held = await other.BeginTransactionAsync();
            await using var locks = new NpgsqlCommand("LOCK TABLE utterances IN SHARE MODE", other, held);
            await locks.ExecuteNonQueryAsync();
            id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
            await SiloTestBase.EventuallyAsync(
                async () => await silo.GetAsync("/healthz/ready") is { Status: 503 } ready && ready.Body.Contains("commit", StringComparison.Ordinal),
                "readiness says that a commit hangs");

            // Heartbeats go on while the time-out ends the statement, which then waits anew.
            var ended = false;
            for (var beat = 1UL; !ended && beat < 200; beat++)
            {
                await device.BeatAsync(beat);
                ended = silo.Logs.Lines.Any(line => line.Text.Contains("are held and not acked", StringComparison.Ordinal));
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }

            ended.ShouldBeTrue();
            await held.RollbackAsync();
        }

        (await device.StoredAsync(id)).UtteranceId.ShouldBe(id.ToString("D"));
        (await device.TranscriptAsync(id)).UtteranceId.ShouldBe(id.ToString("D"));
        scorer.Calls.ShouldHaveSingleItem();
        await SiloTestBase.EventuallyAsync(async () => (await silo.GetAsync("/healthz/ready")).Status == 200, "readiness is back");
        await using var reader = new NpgsqlConnection(database.OwnerConnectionString);
        await reader.OpenAsync();
        await using var count = new NpgsqlCommand("SELECT (SELECT count(*) FROM utterances) + (SELECT sum(stored) FROM installs)", reader);
        (await count.ExecuteScalarAsync()).ShouldBe(2m);
    }

    [PostgresFact]
    public async Task Stop_WhileTheDatabaseHangs_EndsInTimeAndLosesNothingThatWasAcked()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var scorer = await FakeScorer.StartAsync();
        scorer.Answer = _ => Task.FromResult(new ScorerReply(503, ""));
        var silo = await SiloUnderTest.StartAsync(cluster.Server.OwnerConnectionString(), scorer.Endpoint);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var acked = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(acked);

        Guid unacked;
        using (cluster.Freeze())
        {
            unacked = await device.SendUtteranceAsync(TestDevice.Pcm(9_600));
            await device.BeatAsync(1);
            // Drain 1 s, flush 1 s, streams 3 s, results 1 s, giving back 3 s, workers.
            await silo.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }

        await silo.DisposeAsync();
        scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, "after"));
        await using var second = await SiloUnderTest.StartAsync(
            cluster.Server.OwnerConnectionString(), scorer.Endpoint, new Dictionary<string, string?> { ["Fleet:Silo:LockWaitSeconds"] = "30" });
        await using var again = second.NewDevice(device.DeviceId, device.InstallId);
        await again.ConnectAsync();
        var points = await again.AskAsync(acked, unacked);
        points[0].Stored.ShouldBeTrue();
        if (!points[1].Stored)
        {
            await again.SendUtteranceAsync(TestDevice.Pcm(9_600), unacked);
            (await again.NextAsync(CloudMessage.KindOneofCase.UtteranceStored)).UtteranceStored.UtteranceId.ShouldBe(unacked.ToString("D"));
        }
    }
}
