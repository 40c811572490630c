using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>After a break the device asks where it stands, and sends what is missing.</summary>
public sealed class UplinkResumeTests
{
    private const string Resume = "resume";

    [Fact]
    public async Task Reconnect_CloudHasAPart_SendsOnlyWhatIsMissingAndTheChecksumOfAll()
    {
        await using var sut = new UplinkFixture();
        var (id, pcm) = sut.Record(100_000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        session = await sut.ReconnectAsync(session, Resume);
        (await session.QueryAsync()).UtteranceIds.ShouldBe([id]);
        session.TryNext(out _).ShouldBeFalse();
        session.Points((id, false, 64_000));

        var (start, rest, end) = await session.UtteranceAsync();
        start.UtteranceId.ShouldBe(id);
        start.ResumeFromBytes.ShouldBe(64_000UL);
        rest.AsSpan().SequenceEqual(pcm.AsSpan(64_000)).ShouldBeTrue();
        end.Crc32C.ShouldBe(Crc32C.Of(pcm));
        sut.Queue.UnackedBytes.ShouldBe(100_000);
        session.Stored(id);
        await sut.EmptyAsync();
    }

    [Fact]
    public async Task Reconnect_CloudHasStoredIt_TakesThatAsTheAnswerAndSendsNothing()
    {
        await using var sut = new UplinkFixture();
        var (id, _) = sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        session = await sut.ReconnectAsync(session, Resume);
        await session.QueryAsync();
        session.Points((id, true, 0));

        await sut.EmptyAsync();
        session.TryNext(out _).ShouldBeFalse();
        sut.Transcripts.Stored.ShouldBe(1);
    }

    [Fact]
    public async Task Reconnect_InTheMiddleOfWhatIsBeingSaid_GoesOnWhereItStood()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();
        using var writer = sut.Begin();
        writer.Append(new byte[6400]);
        for (var i = 0; i < 3; i++)
        {
            await session.NextAsync();
        }

        session = await sut.ReconnectAsync(session, Resume);
        await session.QueryAsync();
        writer.Append(new byte[3200]);
        session.Points((writer.Entry.Id, false, 3200));

        (await session.NextAsync()).UtteranceStart.ResumeFromBytes.ShouldBe(3200UL);
        (await session.NextAsync()).AudioChunk.OffsetBytes.ShouldBe(3200UL);
        (await session.NextAsync()).AudioChunk.OffsetBytes.ShouldBe(6400UL);
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        (await session.NextAsync()).UtteranceEnd.LengthBytes.ShouldBe(9600UL);
    }

    [Fact]
    public async Task Reconnect_CloudDoesNotAnswer_SendsFromTheStartAfter12Seconds()
    {
        await using var sut = new UplinkFixture();
        var (id, pcm) = sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        session = await sut.ReconnectAsync(session, Resume);
        await session.QueryAsync();
        var asked = sut.Time.GetTimestamp();

        var (start, sent, _) = await sut.AdvanceUntilAsync(session.UtteranceAsync(), TimeSpan.FromMilliseconds(500));
        sut.Time.GetElapsedTime(asked).ShouldBeInRange(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(15));
        start.ResumeFromBytes.ShouldBe(0UL);
        sent.AsSpan().SequenceEqual(pcm).ShouldBeTrue();
        session.Points((id, true, 0)); // too late, and still an answer
        await sut.EmptyAsync();
    }

    [Fact]
    public async Task Reconnect_CloudCannotBeAsked_SendsFromTheStartAtOnce()
    {
        await using var sut = new UplinkFixture();
        sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        session = await sut.ReconnectAsync(session);

        (await session.UtteranceAsync()).Pcm.Length.ShouldBe(5000);
    }

    [Fact]
    public async Task Connect_EarlierRunLeftABacklog_AsksFor256AtATimeAndWhatIsNewDoesNotWait()
    {
        await using var sut = new UplinkFixture(earlierRun: folder => Leave(folder, 300));
        sut.Start();
        var session = await sut.Cloud.AcceptAsync();
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow(), capabilities: Resume);
        var first = await session.QueryAsync();
        first.UtteranceIds.Count.ShouldBe(256);

        var spoken = sut.Record(5000);
        (await session.UtteranceAsync()).Start.UtteranceId.ShouldBe(spoken.Id);
        session.Points([.. first.UtteranceIds.Select(id => (id, true, 0UL))]);

        var second = await session.QueryAsync();
        second.UtteranceIds.Count.ShouldBe(44);
        session.Points([.. second.UtteranceIds.Select(id => (id, true, 0UL))]);
        session.Stored(spoken.Id);
        await sut.EmptyAsync();
        sut.Transcripts.Stored.ShouldBe(301);
    }

    [Fact]
    public async Task Resume_IsRejected_SendsItFromItsStartAfterAWait()
    {
        await using var sut = new UplinkFixture();
        var (id, pcm) = sut.Record(50_000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();
        session = await sut.ReconnectAsync(session, Resume);
        await session.QueryAsync();
        session.Points((id, false, 20_000));
        (await session.UtteranceAsync()).Start.ResumeFromBytes.ShouldBe(20_000UL);

        session.Reject(id, UtteranceRejected.Types.Code.Damaged, retryable: true);
        await sut.Log.WaitForAsync("is sent again in 1.0 s");

        var (start, sent, _) = await sut.AdvanceUntilAsync(session.UtteranceAsync(), TimeSpan.FromMilliseconds(200));
        start.ResumeFromBytes.ShouldBe(0UL);
        sent.AsSpan().SequenceEqual(pcm).ShouldBeTrue();
    }

    [Fact]
    public async Task Resume_SlowDrainAndABreakTogether_EverythingIsStoredOnce()
    {
        await using var sut = new UplinkFixture();
        var first = sut.Record(60_000);
        var second = sut.Record(60_000);
        var session = await sut.ConnectAsync(creditBytes: 70_000);
        await session.UtteranceAsync();
        session.Send(new CloudMessage { Slow = new Slow { CreditBytes = 0, Reason = "the database is away" } });
        await sut.Log.WaitForAsync("The credit is 0 bytes");

        // Resumed with a window of zero: nothing may be begun.
        session.Fail(IngestFault.Unavailable);
        session = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        await session.HelloAsync();
        session.Welcome(creditBytes: 0, serverTime: sut.Time.GetUtcNow(), capabilities: Resume);
        await session.QueryAsync();
        session.Points((first.Id, false, 40_000));
        (await sut.AdvanceUntilAsync(session.NextAsync().AsTask(), TimeSpan.FromSeconds(1))).Heartbeat.ShouldNotBeNull();
        session.Send(new CloudMessage { Slow = new Slow { CreditBytes = 70_000 } });
        (await session.UtteranceAsync()).Start.ResumeFromBytes.ShouldBe(40_000UL);

        // The silo stops in the middle: what is open is finished, the rest goes to the next one.
        session.Send(new CloudMessage { Drain = new Drain { WithinMs = 60_000 } });
        await sut.Log.WaitForAsync("The silo is about to stop");
        session.Stored(first.Id);
        session = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow(), capabilities: Resume);
        var (start, pcm, _) = await session.UtteranceAsync();

        start.UtteranceId.ShouldBe(second.Id);
        pcm.AsSpan().SequenceEqual(second.Pcm).ShouldBeTrue();
        session.Stored(second.Id);
        await sut.EmptyAsync();
    }

    [Fact]
    public async Task Generation_IsAnotherThanBefore_WhatWasStoredIsAskedForAndSentAgainIfItIsGone()
    {
        await using var sut = new UplinkFixture(spool: new SpoolOptions { KeepStored = TimeSpan.FromHours(6) });
        var session = await ConnectAsync(sut, "7351-1");
        var there = sut.Record(5000);
        var gone = sut.Record(6000);
        await session.UtteranceAsync();
        session.Stored(there.Id);
        await session.UtteranceAsync();
        session.Stored(gone.Id);
        await sut.EmptyAsync();
        await sut.UntilAsync(() => sut.Install.StorageGeneration == "7351-1", "the generation to be noted");

        session.Fail(IngestFault.Unavailable);
        session = await ConnectAgainAsync(sut, "7351-2");
        (await session.QueryAsync()).UtteranceIds.ShouldBe([there.Id, gone.Id], ignoreOrder: true);
        sut.Install.StorageGeneration.ShouldBe("7351-1"); // not before all is answered
        session.Points((there.Id, true, 0), (gone.Id, false, 0));

        var (start, pcm, _) = await session.UtteranceAsync();
        start.UtteranceId.ShouldBe(gone.Id);
        pcm.AsSpan().SequenceEqual(gone.Pcm).ShouldBeTrue();
        session.Stored(gone.Id);
        await sut.EmptyAsync();
        await sut.UntilAsync(() => sut.Install.StorageGeneration == "7351-2", "the generation to be noted");

        // The same generation again: nothing to ask.
        session.Fail(IngestFault.Unavailable);
        session = await ConnectAgainAsync(sut, "7351-2");
        sut.Record(1000);
        (await session.UtteranceAsync()).Pcm.Length.ShouldBe(1000);
    }

    [Fact]
    public async Task Generation_IsAnotherAndTheCloudDoesNotAnswer_IsAskedAgainInTheNextSession()
    {
        await using var sut = new UplinkFixture(spool: new SpoolOptions { KeepStored = TimeSpan.FromHours(6) });
        var session = await ConnectAsync(sut, "7351-1");
        var (id, _) = sut.Record(5000);
        await session.UtteranceAsync();
        session.Stored(id);
        await sut.EmptyAsync();
        await sut.UntilAsync(() => sut.Install.StorageGeneration == "7351-1", "the generation to be noted");
        session.Fail(IngestFault.Unavailable);
        session = await ConnectAgainAsync(sut, "7351-2");
        await session.QueryAsync();

        session.Fail(IngestFault.Unavailable);
        session = await ConnectAgainAsync(sut, "7351-2");

        (await session.QueryAsync()).UtteranceIds.ShouldBe([id]);
    }

    private static async Task<FakeSession> ConnectAsync(UplinkFixture sut, string generation)
    {
        sut.Start();
        var session = await sut.Cloud.AcceptAsync();
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow(), generation: generation, capabilities: Resume);
        return session;
    }

    private static async Task<FakeSession> ConnectAgainAsync(UplinkFixture sut, string generation)
    {
        var session = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow(), generation: generation, capabilities: Resume);
        return session;
    }

    private static void Leave(string folder, int utterances)
    {
        var time = new Fleet.Testing.Time.FakeTimeProvider();
        var spool = UtteranceSpool.Open(folder, new SpoolOptions(), time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, out _);
        for (var number = 1; number <= utterances; number++)
        {
            var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
            using var writer = spool.TryCreate(new UtteranceStart { UtteranceId = id, SequenceNumber = (ulong)number, Clock = Clock.Server }).ShouldNotBeNull();
            writer.Append(new byte[100]);
            writer.Complete(UtteranceEnd.Types.Reason.Silence);
        }
    }
}
