using System.Text;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Spool.Container;
using Fleet.Testing.Time;
using Fleet.UnitTests.Agent.Uplink;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Spool;

public sealed class UtteranceSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Crc32C_CheckValue_IsCastagnoli() => Crc32C.Of(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283u);

    [Fact]
    public void Open_CompleteUtterance_IsThereWithItsAudio()
    {
        var pcm = Pcm(10_000);
        Record(Open(), 1, pcm, UtteranceEnd.Types.Reason.Silence);

        var sut = Open();

        var entry = sut.Snapshot().ShouldHaveSingleItem();
        entry.Start.ShouldBe(Start(1));
        entry.Trailer.ShouldBe(new SpoolTrailer(pcm.Length, Crc32C.Of(pcm), UtteranceEnd.Types.Reason.Silence));
        sut.Verify(entry).ShouldBeTrue();
        ReadAll(entry).AsSpan().SequenceEqual(pcm).ShouldBeTrue();
        sut.Bytes.ShouldBe(new FileInfo(entry.Path).Length);
    }

    [Fact]
    public void Read_WhileItIsRecorded_SeesWhatIsWritten()
    {
        var pcm = Pcm(6400);
        using var writer = Open().TryCreate(Start(1)).ShouldNotBeNull();

        writer.Append(pcm.AsSpan(0, 3200));
        ReadAll(writer.Entry).AsSpan().SequenceEqual(pcm.AsSpan(0, 3200)).ShouldBeTrue();
        writer.Append(pcm.AsSpan(3200));

        ReadAll(writer.Entry).AsSpan().SequenceEqual(pcm).ShouldBeTrue();
        writer.Entry.Trailer.ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(SpoolFormat.TrailerLength - 1)]
    public void Open_CutWithinTheTrailer_IsClosedAsTruncatedWithAllItsAudio(int trailerBytesLeft)
    {
        var pcm = Pcm(5000);
        var path = Record(Open(), 1, pcm, UtteranceEnd.Types.Reason.Silence);
        Truncate(path, SpoolFormat.TrailerLength - trailerBytesLeft);

        var entry = Open().Snapshot().ShouldHaveSingleItem();

        entry.Trailer.ShouldNotBeNull().Reason.ShouldBe(UtteranceEnd.Types.Reason.Truncated);
        ReadAll(entry).AsSpan().SequenceEqual(pcm).ShouldBeTrue();
        Open().Snapshot().ShouldHaveSingleItem().Trailer.ShouldBe(entry.Trailer);
    }

    [Fact]
    public void Open_CutWithinASample_KeepsWholeSamples()
    {
        var pcm = Pcm(5000);
        var path = Record(Open(), 1, pcm, UtteranceEnd.Types.Reason.Silence);
        Truncate(path, SpoolFormat.TrailerLength + 1001);

        var entry = Open().Snapshot().ShouldHaveSingleItem();

        ReadAll(entry).AsSpan().SequenceEqual(pcm.AsSpan(0, 3998)).ShouldBeTrue();
    }

    [Fact]
    public void Open_NoAudioWritten_IsALossWithItsNumber()
    {
        Open().TryCreate(Start(7)).ShouldNotBeNull().Dispose();

        var sut = UtteranceSpool.Open(_folder.Path, new SpoolOptions(), _time, NullLogger.Instance, out var recovery);

        sut.Count.ShouldBe(0);
        recovery.HighestSequenceNumber.ShouldBe(7UL);
        var loss = sut.Losses.ShouldHaveSingleItem();
        loss.SequenceNumber.ShouldBe(7UL);
        loss.Reason.ShouldBe(UtteranceLost.Types.Reason.Disk);
        Directory.GetFiles(_folder.File("spool")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public void Open_DamagedHeader_GoesToQuarantine(int position)
    {
        var path = Record(Open(), 1, Pcm(5000), UtteranceEnd.Types.Reason.Silence);
        Flip(path, position);

        var sut = Open();

        sut.Count.ShouldBe(0);
        sut.QuarantinedUtterances.ShouldBe(1);
        Directory.GetFiles(_folder.File("quarantine")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Verify_DamagedAudio_GoesToQuarantine()
    {
        var path = Record(Open(), 1, Pcm(5000), UtteranceEnd.Types.Reason.Silence);
        Flip(path, (int)new FileInfo(path).Length - 1000);
        var sut = Open();

        sut.Verify(sut.Snapshot().ShouldHaveSingleItem()).ShouldBeFalse();

        sut.Count.ShouldBe(0);
        Directory.GetFiles(_folder.File("quarantine")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Append_BeyondTheBound_OldestGoesButNotWhatIsBeingSent()
    {
        var sut = Open(new SpoolOptions { MaxBytes = 1 << 20 });
        Record(sut, 1, Pcm(400_000), UtteranceEnd.Types.Reason.Cap);
        Record(sut, 2, Pcm(400_000), UtteranceEnd.Types.Reason.Cap);
        sut.Snapshot()[0].TryTake().ShouldBeTrue();

        Record(sut, 3, Pcm(400_000), UtteranceEnd.Types.Reason.Cap);

        sut.Snapshot().Select(entry => entry.SequenceNumber).ShouldBe([1UL, 3UL]);
        sut.LostUtterances.ShouldBe(1);
        sut.Bytes.ShouldBeLessThanOrEqualTo(1 << 20);
        Directory.GetFiles(_folder.File("spool")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task WhenEmpty_LastOneIsDeleted_IsDone()
    {
        var sut = Open();
        Record(sut, 1, Pcm(100), UtteranceEnd.Types.Reason.Silence);
        var empty = sut.WhenEmptyAsync(CancellationToken.None);
        empty.IsCompleted.ShouldBeFalse();

        sut.Delete(sut.Snapshot()[0]);

        await empty.WaitAsync(TimeSpan.FromSeconds(5));
        sut.Bytes.ShouldBe(0);
        Directory.GetFiles(_folder.File("spool")).ShouldBeEmpty();
    }

    [Fact]
    public void TryCreate_FolderIsGone_IsLostAndSaidButNotFatal()
    {
        var sut = Open();
        Directory.Delete(_folder.File("spool"), recursive: true);

        sut.TryCreate(Start(1)).ShouldBeNull();

        sut.LostUtterances.ShouldBe(1);
        sut.Count.ShouldBe(0);
    }

    [Fact]
    public void TryCreate_FailsAgainAndAgain_IsSaidOnceAMinute()
    {
        var log = new ListLogger();
        var sut = UtteranceSpool.Open(_folder.Path, new SpoolOptions(), _time, log, out _);
        Directory.Delete(_folder.File("spool"), recursive: true);

        for (ulong number = 1; number <= 10; number++)
        {
            sut.TryCreate(Start(number)).ShouldBeNull();
        }

        log.Lines.ShouldHaveSingleItem().Text.ShouldContain("is lost; the agent goes on listening. Free some space or mend the disk");
        _time.Advance(TimeSpan.FromMinutes(1));
        sut.TryCreate(Start(11)).ShouldBeNull();
        log.Lines[^1].Text.ShouldContain("(9 messages like this held back)");
        sut.LostUtterances.ShouldBe(11);
    }

    public void Dispose() => _folder.Dispose();

    private static UtteranceStart Start(ulong number) => new()
    {
        UtteranceId = $"0190f3a4-0000-7000-8000-{number:x12}",
        SequenceNumber = number,
        StartedAtUnixMs = 1_767_225_600_000,
        Format = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = 16_000, Channels = 1 },
        Trigger = Trigger.Vad,
        Source = "goforward.wav",
    };

    private static byte[] Pcm(int length)
    {
        var pcm = new byte[length];
        new Random(length).NextBytes(pcm);
        return pcm;
    }

    private static byte[] ReadAll(SpoolEntry entry)
    {
        var pcm = new byte[entry.LengthBytes];
        entry.Read(0, pcm).ShouldBe(pcm.Length);
        return pcm;
    }

    private static string Record(UtteranceSpool spool, ulong number, byte[] pcm, UtteranceEnd.Types.Reason reason)
    {
        using var writer = spool.TryCreate(Start(number)).ShouldNotBeNull();
        writer.Append(pcm);
        writer.Complete(reason);
        return writer.Entry.Path;
    }

    private static void Truncate(string path, int bytes)
    {
        using var file = File.Open(path, FileMode.Open);
        file.SetLength(file.Length - bytes);
    }

    private static void Flip(string path, int position)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[position] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }

    private UtteranceSpool Open(SpoolOptions? options = null) =>
        UtteranceSpool.Open(_folder.Path, options ?? new SpoolOptions(), _time, NullLogger.Instance, out _);
}
