using Fleet.Silo.Ingest;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class MessageRulesTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("pi-1", true)]
    [InlineData("0", true)]
    [InlineData("kitchen.left_2", true)]
    [InlineData("", false)]
    [InlineData("-pi", false)]
    [InlineData("Pi", false)]
    [InlineData("pi 1", false)]
    [InlineData("pi\n", false)]
    [InlineData("küche", false)]
    public void Hello_DeviceId_FollowsTheRule(string deviceId, bool good)
    {
        var hello = NewHello();
        hello.DeviceId = deviceId;

        (MessageRules.Check(hello) is null).ShouldBe(good);
        (MessageRules.CheckDeviceId(deviceId) is null).ShouldBe(good);
    }

    [Fact]
    public void Hello_TooLongDeviceId_IsRefused()
    {
        var hello = NewHello();
        hello.DeviceId = new string('a', 64);
        MessageRules.Check(hello).ShouldBeNull();
        hello.DeviceId = new string('a', 65);
        MessageRules.Check(hello).ShouldNotBeNull();
    }

    [Fact]
    public void Hello_EachFault_NamesItsField()
    {
        Fault(hello => hello.InstallId = "x").ShouldContain("hello.install_id");
        Fault(hello => hello.InstallId = Guid.Empty.ToString("D")).ShouldContain("hello.install_id");
        Fault(hello => hello.BootId = "").ShouldContain("hello.boot_id");
        Fault(hello => hello.AgentVersion = new string('v', 129)).ShouldContain("hello.agent_version");
        Fault(hello => hello.AgentVersion = "a\0b").ShouldContain("control character");
        Fault(hello => hello.Capabilities.Add(Enumerable.Repeat("c", 33))).ShouldContain("hello.capabilities");

        static string Fault(Action<Hello> change)
        {
            var hello = NewHello();
            change(hello);
            return MessageRules.Check(hello).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Start_EachFault_NamesItsField()
    {
        MessageRules.Check(NewStart()).ShouldBeNull();
        Fault(start => start.UtteranceId = "not a uuid").ShouldContain("utterance_id");
        Fault(start => start.SequenceNumber = 0).ShouldContain("sequence_number");
        Fault(start => start.SequenceNumber = ulong.MaxValue).ShouldContain("sequence_number");
        Fault(start => start.StartedAtUnixMs = -1).ShouldContain("started_at_unix_ms");
        Fault(start => start.StartedAtUnixMs = long.MaxValue).ShouldContain("started_at_unix_ms");
        Fault(start => start.KeywordScore = float.NaN).ShouldContain("keyword_score");
        Fault(start => start.KeywordScore = 1.5f).ShouldContain("keyword_score");
        Fault(start => start.TranscribeFromMs = 10_001).ShouldContain("transcribe_from_ms is 10001; it must be 0 to 10000");
        Fault(start => start.Source = new string('s', 257)).ShouldContain("source");

        static string Fault(Action<UtteranceStart> change)
        {
            var start = NewStart();
            change(start);
            return MessageRules.Check(start).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Id_OnlyVersion7WithinItsTimes_IsTaken()
    {
        MessageRules.CheckId(Guid.CreateVersion7(_now), _now).ShouldBeNull();
        MessageRules.CheckId(Guid.CreateVersion7(_now.AddHours(23)), _now).ShouldBeNull();
        MessageRules.CheckId(Guid.NewGuid(), _now).ShouldNotBeNull().ShouldContain("version 7");
        MessageRules.CheckId(Guid.CreateVersion7(_now.AddHours(25)), _now).ShouldNotBeNull().ShouldContain("ahead");
        MessageRules.CheckId(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), _now).ShouldNotBeNull().ShouldContain("not set");
        MessageRules.CheckId(new Guid("ffffffff-ffff-7fff-bfff-ffffffffffff"), _now).ShouldNotBeNull().ShouldContain("ahead");
    }

    [Fact]
    public void Format_OtherThanTheOne_IsRefused()
    {
        var good = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = 16_000, Channels = 1 };
        MessageRules.CheckFormat(good).ShouldBeNull();
        MessageRules.CheckFormat(null).ShouldNotBeNull();
        MessageRules.CheckFormat(new AudioFormat(good) { SampleRateHz = 44_100 }).ShouldNotBeNull();
        MessageRules.CheckFormat(new AudioFormat(good) { Channels = 2 }).ShouldNotBeNull();
        MessageRules.CheckFormat(new AudioFormat(good) { Encoding = AudioFormat.Types.Encoding.Unspecified }).ShouldNotBeNull();
    }

    [Fact]
    public void Chunk_OddOrTooLong_IsRefused()
    {
        Chunk(2).ShouldBeNull();
        Chunk(3).ShouldNotBeNull().ShouldContain("whole number");
        Chunk(MessageRules.MaxChunkBytes).ShouldBeNull();
        Chunk(MessageRules.MaxChunkBytes + 2).ShouldNotBeNull().ShouldContain("at most 1048576");

        static string? Chunk(int bytes) => MessageRules.Check(
            new AudioChunk { UtteranceId = Guid.NewGuid().ToString("D"), Pcm = ByteString.CopyFrom(new byte[bytes]) });
    }

    [Fact]
    public void Lost_EachFault_NamesItsField()
    {
        MessageRules.Check(NewLost()).ShouldBeNull();
        Fault(lost => lost.UtteranceId = "not a uuid").ShouldContain("utterance_lost.utterance_id");
        Fault(lost => lost.UtteranceId = Guid.NewGuid().ToString("D")).ShouldContain("version 7");
        Fault(lost => lost.SequenceNumber = 0).ShouldContain("utterance_lost.sequence_number");
        Fault(lost => lost.StartedAtUnixMs = -1).ShouldContain("utterance_lost.started_at_unix_ms");
        Fault(lost => lost.Detail = new string('d', 257)).ShouldContain("utterance_lost.detail");
        Fault(lost => lost.Detail = "a\0b").ShouldContain("control character");
        Fault(lost => lost.LengthBytes = ulong.MaxValue).ShouldContain("utterance_lost.length_bytes");

        static string Fault(Action<UtteranceLost> change)
        {
            var lost = NewLost();
            change(lost);
            return MessageRules.Check(lost).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Lost_RejectedForTheTimeOfItsId_IsTakenAllTheSame()
    {
        var lost = NewLost();
        lost.UtteranceId = Guid.CreateVersion7(_now.AddYears(20)).ToString("D");

        MessageRules.Check(lost).ShouldBeNull();
    }

    [Fact]
    public void ResumeQuery_TooManyOrNoUuids_AreRefused()
    {
        var id = Guid.NewGuid().ToString("D");
        MessageRules.Check(new ResumeQuery()).ShouldBeNull();
        MessageRules.Check(new ResumeQuery { UtteranceIds = { Enumerable.Repeat(id, 256) } }).ShouldBeNull();
        MessageRules.Check(new ResumeQuery { UtteranceIds = { Enumerable.Repeat(id, 257) } }).ShouldNotBeNull().ShouldContain("at most 256");
        MessageRules.Check(new ResumeQuery { UtteranceIds = { "x" } }).ShouldNotBeNull().ShouldContain("UUIDs");
    }

    [Fact]
    public void LogLines_TooManyOrTooLong_AreRefused()
    {
        MessageRules.Check(new LogLines { Lines = { Enumerable.Repeat("x", 100) } }).ShouldBeNull();
        MessageRules.Check(new LogLines { Lines = { Enumerable.Repeat("x", 101) } }).ShouldNotBeNull();
        MessageRules.Check(new LogLines { Lines = { new string('x', 1_001) } }).ShouldNotBeNull();
    }

    private static Hello NewHello() => new()
    {
        ProtocolVersion = 1,
        DeviceId = "pi",
        InstallId = Guid.NewGuid().ToString("D"),
        BootId = Guid.NewGuid().ToString("D"),
        AgentVersion = "agent",
    };

    private static UtteranceLost NewLost() => new()
    {
        UtteranceId = Guid.CreateVersion7(_now).ToString("D"),
        SequenceNumber = 1,
        StartedAtUnixMs = _now.ToUnixTimeMilliseconds(),
        Reason = UtteranceLost.Types.Reason.SpoolFull,
    };

    private static UtteranceStart NewStart() => new()
    {
        UtteranceId = Guid.CreateVersion7(_now).ToString("D"),
        SequenceNumber = 1,
        StartedAtUnixMs = _now.ToUnixTimeMilliseconds(),
    };
}
