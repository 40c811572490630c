using Fleet.DeviceAgent.Uplink;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>What cannot be sent is reported as lost, until the cloud has committed that.</summary>
public sealed class UplinkLossTests
{
    private const string Lost = "lost";

    [Fact]
    public async Task Rejected_ForGood_IsReportedAsLostAndForgottenWhenThatIsStored()
    {
        await using var sut = new UplinkFixture();
        var session = await ConnectAsync(sut, Lost);
        var (id, _) = sut.Record(5000);
        await session.UtteranceAsync();

        session.Reject(id, UtteranceRejected.Types.Code.TooLong, retryable: false, "longer than\n2 MiB");

        var lost = (await session.NextAsync()).UtteranceLost.ShouldNotBeNull();
        lost.UtteranceId.ShouldBe(id);
        lost.SequenceNumber.ShouldBe(1UL);
        lost.Reason.ShouldBe(UtteranceLost.Types.Reason.Rejected);
        lost.Detail.ShouldContain("TooLong, longer than 2 MiB");
        lost.LengthBytes.ShouldBe(5000UL);
        lost.StartedAtUnixMs.ShouldBeGreaterThan(0);
        sut.Spool.Losses.ShouldHaveSingleItem();
        session.Stored(id);
        await sut.UntilAsync(() => sut.Spool.Losses.Count == 0, "the loss to be forgotten");
        sut.Spool.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Losses_CloudDoesNotTakeThem_WaitForOneThatDoes()
    {
        await using var sut = new UplinkFixture();
        var session = await ConnectAsync(sut);
        var (id, _) = sut.Record(5000);
        await session.UtteranceAsync();
        session.Reject(id, UtteranceRejected.Types.Code.Gone, retryable: false);
        await sut.EmptyAsync();
        session.TryNext(out _).ShouldBeFalse();

        session = await sut.ReconnectAsync(session, Lost);

        (await session.NextAsync()).UtteranceLost.UtteranceId.ShouldBe(id);
    }

    [Fact]
    public async Task Losses_Many_AreBoundedInFlightAndTakeTurnsWithTheBacklog()
    {
        await using var sut = new UplinkFixture(new UplinkOptions { MaxLossesInFlight = 2 });
        LoseAll(sut, 5);
        var backlog = sut.Record(5000);
        var session = await ConnectAsync(sut, Lost);

        var kinds = new List<DeviceMessage.KindOneofCase>();
        for (var i = 0; i < 5; i++)
        {
            kinds.Add((await session.NextAsync()).KindCase);
        }

        kinds.ShouldBe([
            DeviceMessage.KindOneofCase.UtteranceLost, DeviceMessage.KindOneofCase.UtteranceStart, DeviceMessage.KindOneofCase.UtteranceLost,
            DeviceMessage.KindOneofCase.AudioChunk, DeviceMessage.KindOneofCase.UtteranceEnd]);
        session.TryNext(out _).ShouldBeFalse();
        session.Stored(sut.Spool.Losses[0].UtteranceId);
        (await session.NextAsync()).UtteranceLost.SequenceNumber.ShouldBe(3UL);
        session.Stored(backlog.Id);
        await sut.EmptyAsync();
    }

    [Fact]
    public async Task Losses_NotTakenNow_AreReportedAgainAfterAWait()
    {
        await using var sut = new UplinkFixture();
        LoseAll(sut, 2);
        var session = await ConnectAsync(sut, Lost);
        var first = (await session.NextAsync()).UtteranceLost.UtteranceId;
        var second = (await session.NextAsync()).UtteranceLost.UtteranceId;

        session.Reject(first, UtteranceRejected.Types.Code.Unavailable, retryable: true);
        session.Reject(second, UtteranceRejected.Types.Code.Unavailable, retryable: true);
        await sut.Log.WaitForAsync($"Utterance {second} was not taken");
        session.TryNext(out _).ShouldBeFalse();

        var again = await sut.AdvanceUntilAsync(session.NextAsync().AsTask(), TimeSpan.FromMilliseconds(200));
        again.UtteranceLost.UtteranceId.ShouldBe(first);
    }

    [Fact]
    public async Task Losses_Hundreds_AreReportedAtAPaceThatTheClusterTakes()
    {
        await using var sut = new UplinkFixture();
        LoseAll(sut, 40);
        var session = await ConnectAsync(sut, Lost);

        for (var i = 0; i < 32; i++)
        {
            session.Stored((await session.NextAsync()).UtteranceLost.UtteranceId);
        }

        await sut.UntilAsync(() => sut.Spool.Losses.Count == 8, "32 losses to be forgotten");
        session.TryNext(out _).ShouldBeFalse();
        var next = await sut.AdvanceUntilAsync(session.NextAsync().AsTask(), TimeSpan.FromMilliseconds(100));
        next.UtteranceLost.SequenceNumber.ShouldBe(33UL);
    }

    [Fact]
    public async Task Losses_RefusedForGood_AreNotReportedForEver()
    {
        await using var sut = new UplinkFixture();
        LoseAll(sut, 1);
        var session = await ConnectAsync(sut, Lost);
        var id = (await session.NextAsync()).UtteranceLost.UtteranceId;

        session.Reject(id, UtteranceRejected.Types.Code.Gone, retryable: false, "erased");

        await sut.UntilAsync(() => sut.Spool.Losses.Count == 0, "the loss to be forgotten");
        sut.Log.Lines.ShouldContain(line => line.Text.Contains("does not take the report", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Losses_LinkBreaks_AreReportedAgain()
    {
        await using var sut = new UplinkFixture();
        LoseAll(sut, 1);
        var session = await ConnectAsync(sut, Lost);
        var id = (await session.NextAsync()).UtteranceLost.UtteranceId;

        session = await sut.ReconnectAsync(session, Lost);

        (await session.NextAsync()).UtteranceLost.UtteranceId.ShouldBe(id);
    }

    [Fact]
    public async Task SettledBelow_SomethingWaitsOrIsLost_IsTheLowestOfThem()
    {
        await using var sut = new UplinkFixture();
        var first = sut.Record(1000);
        var second = sut.Record(1000);
        sut.Start();
        var session = await sut.Cloud.AcceptAsync();
        var hello = await session.HelloAsync();
        (hello.NextSequenceNumber, hello.SettledBelow).ShouldBe((3UL, 1UL));
        session.Welcome(serverTime: sut.Time.GetUtcNow());
        await session.UtteranceAsync();
        await session.UtteranceAsync();

        session.Stored(first.Id);
        session.Reject(second.Id, UtteranceRejected.Types.Code.TooLong, retryable: false);
        await sut.EmptyAsync();

        var heartbeat = await sut.AdvanceUntilAsync(session.NextAsync().AsTask(), TimeSpan.FromSeconds(5));
        (heartbeat.Heartbeat.NextSequenceNumber, heartbeat.Heartbeat.SettledBelow).ShouldBe((3UL, 2UL)); // the loss is not reported yet
        sut.Spool.ForgetLoss(second.Id);
        session.HeartbeatAck(heartbeat.Heartbeat.Nonce, sut.Time.GetUtcNow());
        heartbeat = await sut.AdvanceUntilAsync(session.NextAsync().AsTask(), TimeSpan.FromSeconds(5));
        heartbeat.Heartbeat.SettledBelow.ShouldBe(3UL);
    }

    private static void LoseAll(UplinkFixture sut, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var id = sut.Record(1000).Id;
            var entry = sut.Spool.Snapshot().Single(entry => entry.Id == id);
            entry.TryDrop().ShouldBeTrue(); // as the spool does when it is full
            sut.Spool.Reject(entry, "told by the test");
        }
    }

    private static async Task<FakeSession> ConnectAsync(UplinkFixture sut, params string[] capabilities)
    {
        sut.Start();
        var session = await sut.Cloud.AcceptAsync();
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow(), capabilities: capabilities);
        await sut.Log.WaitForAsync("Connected to silo");
        return session;
    }
}
