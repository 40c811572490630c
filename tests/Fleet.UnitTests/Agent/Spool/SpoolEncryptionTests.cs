using System.Text;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.Testing.Time;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Spool;

public sealed class SpoolEncryptionTests : IDisposable
{
    private const string Source = "the-living-room-microphone";
    private const string Serial = "10000000a1b2c3d4";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Files_Encrypted_TellNothingThatWasSaid()
    {
        Record(Open());

        foreach (var path in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            var content = File.ReadAllBytes(path);
            content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Source)).ShouldBe(-1, path);
            content.AsSpan().IndexOf(Pcm().AsSpan(0, 16)).ShouldBe(-1, path);
        }
    }

    [Fact]
    public void Files_NotEncrypted_AreAsTheyWereSaid()
    {
        var entry = Record(Open(isEncrypted: false));

        File.ReadAllBytes(entry.Path).AsSpan().IndexOf(Pcm()).ShouldBe(entry.HeaderLength);
        File.Exists(_folder.File("spool.key")).ShouldBeFalse();
    }

    [Fact]
    public void Files_SameAudioTwice_HaveNothingInCommon()
    {
        var sut = Open();
        var first = File.ReadAllBytes(Record(sut).Path);
        var second = File.ReadAllBytes(Record(sut, 2).Path);

        first.AsSpan(^1000..^60).SequenceEqual(second.AsSpan(^1000..^60)).ShouldBeFalse();
    }

    [Fact]
    public void Open_Again_ReadsWithTheSameKey()
    {
        Record(Open());

        IsWhole(Open()).ShouldBeTrue();
        IsWhole(Open(isEncrypted: false)).ShouldBeTrue("what was encrypted before it was turned off is still sent");
    }

    [Fact]
    public void Key_IsForTheAgentsUserOnly()
    {
        Record(Open());

        if (!OperatingSystem.IsWindows())
        {
            foreach (var path in new[] { _folder.File("spool.key"), Directory.GetFiles(_folder.File("spool"))[0] })
            {
                File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    [Fact]
    public void Open_CardInAnotherMachine_CannotBeRead()
    {
        Record(Open());

        var sut = Open(serial: "10000000ffffffff");

        sut.Count.ShouldBe(0);
        var loss = sut.Losses.ShouldHaveSingleItem();
        loss.SequenceNumber.ShouldBe(1UL);
        loss.Detail.ShouldContain("another key");
        Directory.GetFiles(_folder.File("quarantine")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Open_KeyIsDamaged_IsALossAndTheAgentGoesOn()
    {
        Record(Open());
        File.WriteAllText(_folder.File("spool.key"), "0000");

        var sut = Open();

        sut.Losses.ShouldHaveSingleItem();
        Record(sut, 2);
        IsWhole(Open()).ShouldBeTrue();
    }

    [Fact]
    public void KeyFile_SameFile_Reads()
    {
        var file = KeyFile("a");
        Record(Open(keyFile: file));

        IsWhole(Open(keyFile: file, serial: "")).ShouldBeTrue();
        File.Exists(_folder.File("spool.key")).ShouldBeFalse();
    }

    [Fact]
    public void KeyFile_AnotherOne_IsRefusedAndNothingIsLost()
    {
        Record(Open(keyFile: KeyFile("a")));

        Should.Throw<InvalidDataException>(() => Open(keyFile: KeyFile("b"))).Message.ShouldContain("is not the key of 1 utterances");

        IsWhole(Open(keyFile: KeyFile("a"))).ShouldBeTrue();
    }

    [Fact]
    public void KeyFile_MissingOrTooShort_SaysHowToMakeOne()
    {
        Should.Throw<InvalidDataException>(() => Open(keyFile: _folder.File("none"))).Message.ShouldContain("head -c 32 /dev/urandom");
        File.WriteAllText(_folder.File("short"), "secret");

        Should.Throw<InvalidDataException>(() => Open(keyFile: _folder.File("short"))).Message.ShouldContain("too short");
    }

    [Fact]
    public void Verify_SomebodyWithoutTheKeyChangedItAndItsChecksum_IsNotSent()
    {
        var path = Record(Open()).Path;
        var bytes = File.ReadAllBytes(path);

        // The reason, at byte 20 of the trailer, and the trailer's checksum made to fit.
        bytes[^40] ^= 1;
        BitConverter.TryWriteBytes(bytes.AsSpan(^4..), Crc32C.Of(bytes.AsSpan(^60..^4)));
        File.WriteAllBytes(path, bytes);
        var sut = Open();

        sut.Verify(sut.Snapshot()[0]).ShouldBeFalse();

        sut.Losses.ShouldHaveSingleItem().Reason.ShouldBe(UtteranceLost.Types.Reason.Damaged);
    }

    [Fact]
    public void Open_FileOfAnOlderAgent_IsSent()
    {
        var start = Start(1);
        Directory.CreateDirectory(_folder.File("spool"));
        var path = _folder.File($"spool/{1:D20}-{start.UtteranceId}.utterance");
        File.WriteAllBytes(path, SpoolV1.File(start, Pcm(), UtteranceEnd.Types.Reason.Cap));

        var sut = Open();

        IsWhole(sut).ShouldBeTrue();
        var entry = sut.Snapshot()[0];
        entry.Start.ShouldBe(start);
        entry.Trailer.ShouldBe(new SpoolTrailer(Pcm().Length, Crc32C.Of(Pcm()), UtteranceEnd.Types.Reason.Cap));
        sut.Bytes.ShouldBe(new FileInfo(path).Length);
    }

    public void Dispose() => _folder.Dispose();

    private string KeyFile(string name)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, $"a key that the owner made, {name}");
        return path;
    }

    private UtteranceSpool Open(bool isEncrypted = true, string? keyFile = null, string serial = Serial) => UtteranceSpool.Open(
        _folder.Path,
        new SpoolOptions { Encrypt = isEncrypted, KeyFile = keyFile },
        _time,
        NullLogger.Instance,
        out _,
        numbers: null,
        LocalDisk.Instance,
        serial);

    private static bool IsWhole(UtteranceSpool spool)
    {
        var entry = spool.Snapshot().ShouldHaveSingleItem();
        var pcm = new byte[entry.LengthBytes];
        entry.Read(0, pcm);
        entry.CloseReader();
        entry.Start.Source.ShouldBe(Source);
        return spool.Verify(entry) && pcm.AsSpan().SequenceEqual(Pcm());
    }

    private static SpoolEntry Record(UtteranceSpool spool, ulong number = 1)
    {
        using var writer = spool.TryCreate(Start(number)).ShouldNotBeNull();
        writer.Append(Pcm());
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        return writer.Entry;
    }

    private static byte[] Pcm()
    {
        var pcm = new byte[5000];
        new Random(1).NextBytes(pcm);
        return pcm;
    }

    private static UtteranceStart Start(ulong number) => new()
    {
        UtteranceId = $"019b76da-a800-7000-8000-{number:x12}",
        SequenceNumber = number,
        StartedAtUnixMs = 1_767_225_600_000,
        Source = Source,
    };
}
