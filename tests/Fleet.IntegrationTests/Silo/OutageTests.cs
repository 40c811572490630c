using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo;

/// <summary>PostgreSQL or the endpoint away: nothing is acked that is not stored, and nothing is lost.</summary>
public sealed class OutageTests
{
    [PostgresFact]
    public async Task Postgres_AwayAtStart_SiloWaitsAndSaysSo()
    {
        await using var cluster = TestCluster.Create();
        await using var scorer = await FakeScorer.StartAsync();
        await using var silo = await SiloUnderTest.StartAsync(cluster.Server.OwnerConnectionString(), scorer.Endpoint, waitUntilReady: false);

        (await silo.GetAsync("/healthz/live")).Status.ShouldBe(200);
        await SiloTestBase.EventuallyAsync(
            async () => await silo.GetAsync("/healthz/ready") is { Status: 503 } ready && ready.Body.Contains("database", StringComparison.Ordinal),
            "readiness names the database");
        await using (var early = silo.NewDevice())
        {
            (await Should.ThrowAsync<RpcException>(() => early.ConnectAsync())).StatusCode.ShouldBe(StatusCode.Unavailable);
        }

        await cluster.Server.StartAsync(CancellationToken.None);
        await silo.Status.Started.WaitAsync(TimeSpan.FromSeconds(20));

        (await silo.GetAsync("/healthz/ready")).Status.ShouldBe(200);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(id);
        (await device.TranscriptAsync(id)).Status.ShouldBe(UtteranceStatus.Transcribed);
    }

    [PostgresFact]
    public async Task Postgres_AwayInTheMiddle_AcksComeAfterwardsAndHeartbeatsGoOn()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var scorer = await FakeScorer.StartAsync();
        await using var silo = await SiloUnderTest.StartAsync(cluster.Server.OwnerConnectionString(), scorer.Endpoint);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await cluster.Server.KillAsync(CancellationToken.None);

        var first = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        var second = await device.SendUtteranceAsync(TestDevice.Pcm(9_600));
        await SiloTestBase.EventuallyAsync(async () => (await silo.GetAsync("/healthz/ready")).Status == 503, "readiness says that the database is away");
        await device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 7 } });

        // The next message is the heartbeat's answer: no ack has come.
        (await device.NextAsync()).HeartbeatAck.Nonce.ShouldBe(7UL);
        await cluster.Server.StartAsync(CancellationToken.None);
        var seen = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            var message = await device.NextAsync();
            seen.Add(message.KindCase == CloudMessage.KindOneofCase.UtteranceStored
                ? "stored " + message.UtteranceStored.UtteranceId
                : "transcript " + message.Transcript.UtteranceId);
        }

        seen.ShouldBe([$"stored {first}", $"stored {second}", $"transcript {first}", $"transcript {second}"], ignoreOrder: true);
        await SiloTestBase.EventuallyAsync(async () => (await silo.GetAsync("/healthz/ready")).Status == 200, "readiness is back");
    }

    [PostgresFact]
    public async Task Scorer_AwayThenBack_AcksAtOnceAndTranscriptsCome()
    {
        await using var database = await TestDatabase.CreateAsync();
        int port;
        await using (var gone = await FakeScorer.StartAsync())
        {
            port = gone.Endpoint.Port;
        }

        await using var silo = await SiloUnderTest.StartAsync(database.OwnerConnectionString, new Uri($"http://127.0.0.1:{port}/score"));
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(id);
        await SiloTestBase.EventuallyAsync(
            async () => await silo.GetAsync("/healthz/ready") is { Status: 200 } ready && ready.Body.Contains("transcripts wait", StringComparison.Ordinal),
            "readiness says that transcripts wait");

        await using var scorer = await FakeScorer.StartAsync(port);

        (await device.TranscriptAsync(id)).Text.ShouldBe("heard 6400 bytes");
    }
}
