using Fleet.DeviceAgent.Uplink;
using Fleet.V1;
using Microsoft.Extensions.Logging;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>Links that die without a word, clouds that say too much, and refusals of the identity.</summary>
public sealed class UplinkLinkTests
{
    [Fact]
    public async Task Send_IntoABlackHole_IsNoticedAfterTwoMissedHeartbeatsAndSentAgain()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();
        session.IsBlackHole = true;
        var (id, _) = sut.Record(5000); // its first message never returns
        var startedAt = sut.Time.GetTimestamp();

        var next = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromSeconds(1));

        sut.Time.GetElapsedTime(startedAt).ShouldBeInRange(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(55));
        session.IsDisposed.ShouldBeTrue();
        await next.HelloAsync();
        next.Welcome(serverTime: sut.Time.GetUtcNow());
        (await next.UtteranceAsync()).Start.UtteranceId.ShouldBe(id);
    }

    [Fact]
    public async Task Receive_FloodOfAnswers_KeepsTheSessionAndLosesNone()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();
        var (id, _) = sut.Record(5000);
        await session.UtteranceAsync();

        for (var i = 0; i < 5000; i++)
        {
            session.Send(new CloudMessage { UtteranceStored = new UtteranceStored { UtteranceId = Guid.NewGuid().ToString(), Duplicate = true } });
        }

        session.Stored(id);
        await sut.EmptyAsync();
        sut.Transcripts.Stored.ShouldBe(1);
        session.IsDisposed.ShouldBeFalse();
    }

    [Fact]
    public async Task Send_Backlog_HeartbeatsGoBetweenItsChunks()
    {
        await using var sut = new UplinkFixture();
        for (var i = 0; i < 200; i++)
        {
            sut.Record(2000 + (2 * i));
        }

        var session = await sut.ConnectAsync();
        await sut.Time.WaitForTimersAsync(1);
        sut.Time.Advance(TimeSpan.FromSeconds(15));

        var before = 0;
        while ((await session.NextAsync()) is var message && message.KindCase != DeviceMessage.KindOneofCase.Heartbeat)
        {
            before++;
            if (message.UtteranceEnd is { } end)
            {
                session.Stored(end.UtteranceId);
            }
        }

        before.ShouldBeLessThan(600); // three messages each: it did not wait for the end of them all
    }

    [Theory]
    [InlineData("another install holds this device id")]
    [InlineData("this install runs on two machines; the one that started last goes on")]
    public async Task Connect_IdentityIsHeldElsewhere_SaysWhatToDoTriesSlowlyAndGoesOnRecording(string reason)
    {
        await using var sut = new UplinkFixture();
        sut.Cloud.Refuses = new IngestException(IngestFault.DeviceIdTaken, reason);
        sut.Start();
        await sut.Log.WaitForAsync(reason);

        var line = sut.Log.Lines.Single(line => line.Level == LogLevel.Error);
        line.Text.ShouldContain("--device-id");
        line.Text.ShouldContain("--state-dir");
        line.Text.ShouldContain("goes on listening");
        var (id, _) = sut.Record(5000);
        sut.Spool.Count.ShouldBe(1);
        await sut.Time.WaitForTimersAsync(1);
        sut.Time.Advance(TimeSpan.FromSeconds(59));
        sut.Cloud.Attempts.ShouldBe(1);

        sut.Cloud.Refuses = null;
        var session = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromSeconds(1));
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow());
        (await session.UtteranceAsync()).Start.UtteranceId.ShouldBe(id);
    }
}
