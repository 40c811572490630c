using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;
using Microsoft.Extensions.Logging;

namespace Fleet.UnitTests.Agent.Uplink;

public sealed class DeviceUplinkTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Connect_Always_SaysHelloBeforeAnythingElse()
    {
        await using var sut = new UplinkFixture();
        sut.Record(100);
        sut.Start();

        var session = await sut.Cloud.AcceptAsync();
        var hello = await session.HelloAsync();

        hello.ProtocolVersion.ShouldBe(1u);
        hello.DeviceId.ShouldBe("pi-001");
        Guid.TryParse(hello.InstallId, out _).ShouldBeTrue();
        Guid.TryParse(hello.BootId, out _).ShouldBeTrue();
        hello.NextSequenceNumber.ShouldBe(2UL);
        session.TryNext(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Send_Utterance_ArrivesWholeAndIsForgottenWhenStored()
    {
        await using var sut = new UplinkFixture();
        var (id, pcm) = sut.Record(100_000);

        var session = await sut.ConnectAsync();
        var (start, sent, end) = await session.UtteranceAsync();

        start.UtteranceId.ShouldBe(id);
        sent.AsSpan().SequenceEqual(pcm).ShouldBeTrue();
        end.Crc32C.ShouldBe(Crc32C.Of(pcm));
        sut.Spool.Count.ShouldBe(1);

        session.Stored(id);
        await sut.Spool.WhenEmptyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        sut.Transcripts.Stored.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Close_AfterAnswers_SaysWhatIsSettledJustBefore(bool isDrained)
    {
        await using var sut = new UplinkFixture();
        var (id, _) = sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();
        session.Stored(id);
        await sut.EmptyAsync();

        if (isDrained)
        {
            session.Send(new CloudMessage { Drain = new Drain { WithinMs = 1000 } });
            await sut.UntilAsync(() => session.IsHalfClosed, "the half-close");
        }
        else
        {
            await sut.StopAsync();
        }

        var last = (await session.NextAsync()).Heartbeat.ShouldNotBeNull();
        (last.NextSequenceNumber, last.SettledBelow, last.SpoolUtterances).ShouldBe((2UL, 2UL, 0U));
        session.IsHalfClosed.ShouldBeTrue();
        session.TryNext(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Send_WhileThePersonSpeaks_ChunksOf100MsBeforeTheEnd()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();
        using var writer = sut.Begin();

        writer.Append(new byte[7000]);

        (await session.NextAsync()).UtteranceStart.ShouldNotBeNull();
        (await session.NextAsync()).AudioChunk.Pcm.Length.ShouldBe(3200);
        (await session.NextAsync()).AudioChunk.Pcm.Length.ShouldBe(3200);
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        var last = (await session.NextAsync()).AudioChunk;
        last.OffsetBytes.ShouldBe(6400UL);
        last.Pcm.Length.ShouldBe(600);
        (await session.NextAsync()).UtteranceEnd.LengthBytes.ShouldBe(7000UL);
    }

    [Fact]
    public async Task Reconnect_LinkLost_SendsOnlyWhatWasNotStoredFromItsStart()
    {
        await using var sut = new UplinkFixture();
        var first = sut.Record(5000);
        var second = sut.Record(6000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();
        await session.UtteranceAsync();
        session.Stored(first.Id);

        session.Fail(IngestFault.Unavailable);
        session = await sut.AdvanceUntilConnectedAsync(_second);
        await session.HelloAsync();
        session.Welcome(serverTime: sut.Time.GetUtcNow());

        var (start, pcm, _) = await session.UtteranceAsync();
        start.UtteranceId.ShouldBe(second.Id);
        pcm.AsSpan().SequenceEqual(second.Pcm).ShouldBeTrue();
    }

    [Fact]
    public async Task Reconnect_CloudIsAway_BacksOffTo60SecondsForEver()
    {
        await using var sut = new UplinkFixture();
        sut.Cloud.Refuses = new IngestException(IngestFault.Unavailable, "connection refused");
        sut.Start();

        var expected = new[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
        for (var i = 0; i < expected.Length; i++)
        {
            await sut.Time.WaitForTimersAsync(1);
            sut.Cloud.Attempts.ShouldBe(i + 1);
            sut.Time.Advance(TimeSpan.FromSeconds(expected[i]) - TimeSpan.FromMilliseconds(1));
            sut.Cloud.Attempts.ShouldBe(i + 1);
            sut.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await sut.Time.WaitForTimersAsync(1);
        sut.Cloud.Attempts.ShouldBe(expected.Length + 1);
        sut.Log.Lines.Count(line => line.Text.Contains("connection refused", StringComparison.Ordinal)).ShouldBeInRange(2, 5);
    }

    [Theory]
    [InlineData(nameof(IngestFault.Unauthenticated), "--key-file")]
    [InlineData(nameof(IngestFault.DeviceIdTaken), "--device-id")]
    [InlineData(nameof(IngestFault.IncompatibleVersion), "Update the agent or the cluster")]
    [InlineData(nameof(IngestFault.TakenOver), "copy of the state folder")]
    public async Task Reconnect_RefusedForAPersonToMend_SaysWhatToDoAndTriesAgainAfter60Seconds(string fault, string remedy)
    {
        await using var sut = new UplinkFixture();
        sut.Cloud.Refuses = new IngestException(Enum.Parse<IngestFault>(fault), "refused by the test");
        sut.Start();
        await sut.Time.WaitForTimersAsync(1);

        var line = sut.Log.Lines.ShouldHaveSingleItem();
        line.Level.ShouldBe(LogLevel.Error);
        line.Text.ShouldContain(remedy);
        line.Text.ShouldContain("goes on listening");
        sut.Time.Advance(TimeSpan.FromSeconds(59));
        sut.Cloud.Attempts.ShouldBe(1);
        sut.Cloud.Refuses = null;
        sut.Time.Advance(_second);
        await sut.Cloud.AcceptAsync();
    }

    [Fact]
    public async Task Credit_SmallerThanTheBacklog_IsNeverExceeded()
    {
        await using var sut = new UplinkFixture();
        const int Credit = 100_000;
        var ids = Enumerable.Range(0, 6).Select(i => sut.Record(40_000 + (2 * i)).Id).ToList();
        var session = await sut.ConnectAsync(Credit);

        var open = new Dictionary<string, long>();
        foreach (var _ in ids)
        {
            string? ended = null;
            while (ended is null)
            {
                var message = await session.NextAsync();
                switch (message.KindCase)
                {
                    case DeviceMessage.KindOneofCase.UtteranceStart:
                        open[message.UtteranceStart.UtteranceId] = 0;
                        break;
                    case DeviceMessage.KindOneofCase.AudioChunk:
                        open[message.AudioChunk.UtteranceId] += message.AudioChunk.Pcm.Length;
                        open.Values.Sum().ShouldBeLessThanOrEqualTo(Credit);
                        break;
                    case DeviceMessage.KindOneofCase.UtteranceEnd:
                        ended = message.UtteranceEnd.UtteranceId;
                        break;
                }
            }

            open.Remove(ended);
            session.Stored(ended);
        }

        await sut.Spool.WhenEmptyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Slow_CreditZero_OnlyHeartbeatsUntilTheNextSlow()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync(creditBytes: 0);
        sut.Record(5000);

        await sut.Time.WaitForTimersAsync(1);
        sut.Time.Advance(TimeSpan.FromSeconds(15));
        var heartbeat = (await session.NextAsync()).Heartbeat.ShouldNotBeNull();
        heartbeat.SpoolUtterances.ShouldBe(1u);
        heartbeat.SpoolBytes.ShouldBeGreaterThan(5000UL);

        session.Send(new CloudMessage { Slow = new Slow { CreditBytes = 1 << 20 } });
        (await session.UtteranceAsync()).Pcm.Length.ShouldBe(5000);
    }

    [Fact]
    public async Task Heartbeats_TwoNotAnswered_ConnectsAgain()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();
        await sut.Time.WaitForTimersAsync(1);
        for (var i = 0; i < 2; i++)
        {
            sut.Time.Advance(TimeSpan.FromSeconds(15));
            (await session.NextAsync()).Heartbeat.Nonce.ShouldBe((ulong)i + 1);
        }

        sut.Time.Advance(TimeSpan.FromSeconds(15));

        await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        session.IsDisposed.ShouldBeTrue();
        sut.Log.Lines.ShouldContain(line => line.Text.Contains("two heartbeats in a row", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Welcome_DoesNotCome_ConnectsAgain()
    {
        await using var sut = new UplinkFixture();
        sut.Start();
        var silent = await sut.Cloud.AcceptAsync();
        await silent.HelloAsync();
        await sut.Time.WaitForTimersAsync(1);

        sut.Time.Advance(TimeSpan.FromSeconds(15));

        await sut.AdvanceUntilConnectedAsync(_second);
        silent.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Drain_SomethingIsOpen_FinishesItBeginsNothingAndReconnects()
    {
        await using var sut = new UplinkFixture(new UplinkOptions { MaxInFlight = 1 });
        var first = sut.Record(5000);
        var second = sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        session.Send(new CloudMessage { Drain = new Drain { WithinMs = 60_000, ReconnectJitterMs = 1000 } });
        session.Stored(first.Id);

        var next = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        session.IsHalfClosed.ShouldBeTrue();
        (await session.NextAsync()).Heartbeat.SettledBelow.ShouldBe(2UL);
        session.TryNext(out _).ShouldBeFalse();
        await next.HelloAsync();
        next.Welcome(serverTime: sut.Time.GetUtcNow());
        (await next.UtteranceAsync()).Start.UtteranceId.ShouldBe(second.Id);
        sut.Cloud.Turns[1].ShouldBe(sut.Cloud.Turns[0] + 1, "it was asked to go elsewhere");
    }

    [Fact]
    public async Task Connect_AfterABreak_TriesTheSameAddressThenTheNext()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();
        session.Fail(IngestFault.Unavailable);
        var again = await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));
        await again.HelloAsync();
        again.Fail(IngestFault.Unavailable);

        await sut.AdvanceUntilConnectedAsync(TimeSpan.FromMilliseconds(100));

        var first = sut.Cloud.Turns[0];
        sut.Cloud.Turns.ShouldBe([first, first, first + 1]);
    }

    [Fact]
    public async Task Rejected_ForGood_GoesToQuarantineAndIsNotSentAgain()
    {
        await using var sut = new UplinkFixture();
        var (id, _) = sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        var rejected = new UtteranceRejected { UtteranceId = id, Code = UtteranceRejected.Types.Code.Gone, Message = "erased" };
        session.Send(new CloudMessage { UtteranceRejected = rejected });

        await sut.Spool.WhenEmptyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        sut.Spool.QuarantinedUtterances.ShouldBe(1);
        sut.Transcripts.Stored.ShouldBe(0);
        sut.Transcripts.Pending.ShouldBe(0);
    }

    [Fact]
    public async Task Rejected_Retryable_IsSentAgainFromItsStartAfterAWait()
    {
        await using var sut = new UplinkFixture();
        var (id, pcm) = sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        session.Send(new CloudMessage
        {
            UtteranceRejected = new UtteranceRejected
            {
                UtteranceId = id,
                Code = UtteranceRejected.Types.Code.Unavailable,
                Retryable = true,
            },
        });
        await sut.Log.WaitForAsync("is sent again in 1.0 s");
        session.TryNext(out _).ShouldBeFalse();

        var (start, sent, _) = await sut.AdvanceUntilAsync(session.UtteranceAsync(), _second);
        start.UtteranceId.ShouldBe(id);
        sent.AsSpan().SequenceEqual(pcm).ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_NotAcked_HalfClosesAndKeepsItInTheSpool()
    {
        await using var sut = new UplinkFixture();
        sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();

        await sut.StopAsync();

        session.IsHalfClosed.ShouldBeTrue();
        sut.Spool.Count.ShouldBe(1);
        File.Exists(sut.Spool.Snapshot()[0].Path).ShouldBeTrue();
    }

    [Fact]
    public async Task Transcript_OfAnUtterance_IsPrintedWithItsSource()
    {
        await using var sut = new UplinkFixture();
        var (id, _) = sut.Record(5000);
        var session = await sut.ConnectAsync();
        await session.UtteranceAsync();
        session.Stored(id);

        var transcript = new Transcript { UtteranceId = id, Status = UtteranceStatus.Transcribed, Text = "go forward ten meters" };
        session.Send(new CloudMessage { Transcript = transcript });

        await sut.StopAsync();
        sut.Output.ToString().ShouldBe($"pi-001  1.wav   go forward ten meters{Environment.NewLine}");
        sut.Transcripts.Pending.ShouldBe(0);
    }
}
