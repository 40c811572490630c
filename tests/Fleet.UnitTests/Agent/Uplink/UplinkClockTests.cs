using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.Testing.Time;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>A device whose wall clock is wrong, steps, or is not set at all: what is stored carries the right time.</summary>
public sealed class UplinkClockTests
{
    private static readonly DateTimeOffset _server = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Send_RecordedBeforeTheTimeWasKnown_IsCorrectedFirst()
    {
        await using var sut = new UplinkFixture(time: new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        var (id, pcm) = sut.Record(5000);
        sut.Time.Advance(TimeSpan.FromMinutes(10));

        var session = await ConnectAsync(sut, _server);
        var (start, sent, _) = await session.UtteranceAsync();

        start.Clock.ShouldBe(Clock.Corrected);
        TimeOf(start.StartedAtUnixMs).ShouldBe(_server.AddMinutes(-10));
        start.UtteranceId.ShouldNotBe(id);
        UtteranceIds.TimeOf(Guid.Parse(start.UtteranceId)).ShouldBe(_server.AddMinutes(-10));
        start.SequenceNumber.ShouldBe(1UL);
        sent.AsSpan().SequenceEqual(pcm).ShouldBeTrue();
        session.Stored(start.UtteranceId);
        await sut.EmptyAsync();
        Directory.GetFiles(sut.SpoolFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Loss_OfWhatWasRecordedBeforeTheTimeWasKnown_IsToldWithItsRightTime()
    {
        await using var sut = new UplinkFixture(time: new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        var (id, _) = sut.Record(5000);
        var entry = sut.Spool.Snapshot().Single();
        entry.TryDrop().ShouldBeTrue(); // as the spool does when it is full
        sut.Spool.Reject(entry, "told by the test");
        sut.Time.Advance(TimeSpan.FromMinutes(10));

        var session = await ConnectAsync(sut, _server, "lost");
        var lost = (await session.NextAsync()).UtteranceLost.ShouldNotBeNull();

        (lost.UtteranceId, lost.Clock).ShouldBe((id, Clock.Corrected));
        TimeOf(lost.StartedAtUnixMs).ShouldBe(_server.AddMinutes(-10));
        session.Stored(id);
        await sut.UntilAsync(() => sut.Spool.Losses.Count == 0, "the loss to be forgotten");
    }

    [Fact]
    public async Task Send_BeingRecordedWhenTheTimeIsLearnt_IsCorrectedAtItsEnd()
    {
        await using var sut = new UplinkFixture(time: new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        using var writer = sut.Begin();
        writer.Append(new byte[6400]);
        sut.Time.Advance(TimeSpan.FromSeconds(3));
        var session = await ConnectAsync(sut, _server);
        writer.Append(new byte[6400]);
        session.TryNext(out _).ShouldBeFalse();

        writer.Complete(UtteranceEnd.Types.Reason.Silence);

        var (start, sent, _) = await session.UtteranceAsync();
        start.Clock.ShouldBe(Clock.Corrected);
        TimeOf(start.StartedAtUnixMs).ShouldBe(_server.AddSeconds(-3));
        sent.Length.ShouldBe(12_800);
    }

    [Fact]
    public async Task Send_WallClockIsRight_IsStreamedAtOnceAsTheDevices()
    {
        await using var sut = new UplinkFixture(time: new FakeTimeProvider(_server));
        using var writer = sut.Begin();
        writer.Append(new byte[3200]);

        var session = await ConnectAsync(sut, _server.AddMilliseconds(200));

        var start = (await session.NextAsync()).UtteranceStart.ShouldNotBeNull();
        start.Clock.ShouldBe(Clock.Device);
        start.UtteranceId.ShouldBe(writer.Entry.Id);
        (await session.NextAsync()).AudioChunk.ShouldNotBeNull();
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
    }

    [Theory]
    [InlineData(48)] // would be refused for good: an id of the day after tomorrow
    [InlineData(-1)]
    public async Task Send_WallClockIsWrong_IsCorrected(int aheadHours)
    {
        await using var sut = new UplinkFixture(time: new FakeTimeProvider(_server.AddHours(aheadHours)));
        sut.Record(5000);
        sut.Record(6000);

        var session = await ConnectAsync(sut, _server);
        var first = (await session.UtteranceAsync()).Start;
        var second = (await session.UtteranceAsync()).Start;

        first.Clock.ShouldBe(Clock.Corrected);
        TimeOf(first.StartedAtUnixMs).ShouldBe(_server);
        second.SequenceNumber.ShouldBe(2UL);
        string.CompareOrdinal(first.UtteranceId, second.UtteranceId).ShouldBeLessThan(0);
        var third = sut.Record(7000); // the clock goes back with the cluster's
        UtteranceIds.TimeOf(Guid.Parse(third.Id)).ShouldBe(_server, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Send_AnEarlierRunNeverLearntTheTime_SaysThatItIsNotKnown()
    {
        string? id = null;
        await using var sut = new UplinkFixture(
            time: new FakeTimeProvider(_server), earlierRun: folder => id = Leave(folder, DateTimeOffset.UnixEpoch));

        var session = await ConnectAsync(sut, _server);
        var (start, _, _) = await session.UtteranceAsync();

        start.Clock.ShouldBe(Clock.Unknown);
        start.UtteranceId.ShouldBe(id);
        TimeOf(start.StartedAtUnixMs).Year.ShouldBe(2026); // not before the release: "at this time or later"
    }

    [Fact]
    public async Task Send_AnEarlierRunWasAheadOfTime_GetsATimeThatTheCloudTakesOnceItSaysItHasNothing()
    {
        string? id = null;
        await using var sut = new UplinkFixture(
            time: new FakeTimeProvider(_server), earlierRun: folder => id = Leave(folder, _server.AddDays(30)));
        var session = await ConnectAsync(sut, _server, "resume");
        (await session.QueryAsync()).UtteranceIds.ShouldBe([id!]);

        session.Points((id!, false, 0));

        var (start, _, _) = await session.UtteranceAsync();
        start.Clock.ShouldBe(Clock.Unknown);
        start.UtteranceId.ShouldNotBe(id);
        UtteranceIds.TimeOf(Guid.Parse(start.UtteranceId)).ShouldBeLessThan(_server);
    }

    [Fact]
    public async Task Send_AnEarlierRunWasAheadAndTheCloudCannotBeAsked_WaitsRatherThanToBeRefusedForGood()
    {
        await using var sut = new UplinkFixture(
            time: new FakeTimeProvider(_server), earlierRun: folder => Leave(folder, _server.AddDays(30)));
        var session = await ConnectAsync(sut, _server);
        sut.Time.StepWallClock(TimeSpan.FromHours(1)); // doubt does not let it pass, either
        var (id, _) = sut.Record(1000);

        var heartbeat = (await session.NextAsync()).Heartbeat.ShouldNotBeNull();
        session.HeartbeatAck(heartbeat.Nonce, _server);

        (await session.UtteranceAsync()).Start.SequenceNumber.ShouldBe(2UL);
        session.TryNext(out _).ShouldBeFalse();
        sut.Spool.Snapshot().Select(entry => entry.SequenceNumber).ShouldContain(1UL);
        id.ShouldNotBeNull();
    }

    [Fact]
    public async Task Send_AnEarlierRunMayHaveSentIt_KeepsItsId()
    {
        string? id = null;
        await using var sut = new UplinkFixture(
            time: new FakeTimeProvider(_server), earlierRun: folder => id = Leave(folder, _server.AddDays(30)));
        var session = await ConnectAsync(sut, _server, "resume");
        await session.QueryAsync();

        session.Points((id!, false, 1000));

        var (start, _, _) = await session.UtteranceAsync();
        start.UtteranceId.ShouldBe(id);
        start.ResumeFromBytes.ShouldBe(1000UL);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task Send_WallClockStepsInTheMiddle_AsksForTheTimeAtOnceAndGoesOnByTheClusters(int seconds)
    {
        await using var sut = new UplinkFixture(time: new FakeTimeProvider(_server));
        var session = await ConnectAsync(sut, _server);
        using var writer = sut.Begin();
        writer.Append(new byte[3200]);
        (await session.NextAsync()).UtteranceStart.Clock.ShouldBe(Clock.Server);
        await session.NextAsync();

        sut.Time.StepWallClock(TimeSpan.FromSeconds(seconds));
        sut.Time.Advance(TimeSpan.FromSeconds(2));
        writer.Append(new byte[3200]);
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        using var next = sut.Begin();
        next.Append(new byte[3200]);

        var kinds = new List<DeviceMessage>();
        while (kinds.Count < 3)
        {
            kinds.Add(await session.NextAsync());
        }

        var heartbeat = kinds.Single(message => message.KindCase == DeviceMessage.KindOneofCase.Heartbeat).Heartbeat;
        kinds.ShouldContain(message => message.UtteranceEnd != null); // what had begun is not held up
        session.TryNext(out _).ShouldBeFalse(); // what began since is, until the time is certain
        session.HeartbeatAck(heartbeat.Nonce, _server.AddSeconds(2));
        var start = (await session.NextAsync()).UtteranceStart.ShouldNotBeNull();
        start.Clock.ShouldBe(Clock.Server);
        TimeOf(start.StartedAtUnixMs).ShouldBe(_server.AddSeconds(2));
        next.Complete(UtteranceEnd.Types.Reason.Silence);
    }

    [Fact]
    public async Task Send_MachineSleptAndItsMonotonicClockToo_WhatWasSaidBeforeKeepsItsTimeAndAfterwardsIsCorrected()
    {
        await using var sut = new UplinkFixture(time: new FakeTimeProvider(_server));
        var session = await ConnectAsync(sut, _server);
        session.Fail(Fleet.DeviceAgent.Uplink.IngestFault.Unavailable);
        await sut.Log.WaitForAsync("No connection to the cloud");
        sut.Record(5000);
        sut.Time.StepWallClock(TimeSpan.FromHours(8));
        sut.Record(6000);

        session = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow());

        var before = (await session.UtteranceAsync()).Start;
        var after = (await session.UtteranceAsync()).Start;
        (before.Clock, after.Clock).ShouldBe((Clock.Server, Clock.Corrected));
        TimeOf(before.StartedAtUnixMs).ShouldBe(_server, TimeSpan.FromSeconds(1));
        TimeOf(after.StartedAtUnixMs).ShouldBe(_server.AddHours(8), TimeSpan.FromSeconds(2));
    }

    private static DateTimeOffset TimeOf(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static async Task<FakeSession> ConnectAsync(UplinkFixture sut, DateTimeOffset serverTime, params string[] capabilities)
    {
        sut.Start();
        var session = await sut.Cloud.AcceptAsync();
        await session.HelloAsync();
        session.Welcome(serverTime: serverTime, capabilities: capabilities);
        await sut.Log.WaitForAsync("Connected to silo");
        return session;
    }

    /// <summary>Another run, which never heard the cluster, records one utterance by this wall clock and is switched off.</summary>
    private static string Leave(string folder, DateTimeOffset wallClock)
    {
        var time = new FakeTimeProvider(wallClock);
        var install = Install.Open(folder, time);
        var spool = UtteranceSpool.Open(folder, new SpoolOptions(), time, NullLogger.Instance, out _);
        var reading = install.Clock.Now();
        using var writer = spool.TryCreate(new UtteranceStart
        {
            UtteranceId = install.UtteranceIds.Next(reading.Time).ToString(),
            SequenceNumber = 1,
            StartedAtUnixMs = reading.Time.ToUnixTimeMilliseconds(),
            Clock = reading.Clock,
        }).ShouldNotBeNull();
        install.UseSequenceNumber(1);
        writer.Append(new byte[5000]);
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        return writer.Entry.Id;
    }
}
