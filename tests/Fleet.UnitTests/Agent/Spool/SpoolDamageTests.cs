using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Spool.Container;
using Fleet.Testing.Time;
using Fleet.UnitTests.Agent.Spool.Disk;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Spool;

/// <summary>Somebody cuts a spool file or flips a bit in it, at every place.</summary>
public sealed class SpoolDamageTests
{
    private const string Folder = "/state";
    private const ulong Damaged = 2;
    private const int Pieces = 3;

    private readonly FakeTimeProvider _time = new();

    public enum Kind
    {
        Version1,
        Plain,
        Encrypted,
    }

    [Theory]
    [InlineData(Kind.Version1, false)]
    [InlineData(Kind.Plain, false)]
    [InlineData(Kind.Plain, true)]
    [InlineData(Kind.Encrypted, false)]
    [InlineData(Kind.Encrypted, true)]
    public void Open_FileCutAnywhere_SendsABeginningOrReportsALoss(Kind kind, bool isOtherBoot)
    {
        var length = Record(kind).File.Length;
        for (var left = 0; left < length; left++)
        {
            var (disk, file) = Record(kind);

            var entry = Examine(disk, file[..left], isOtherBoot, $"cut after {left} bytes");

            entry?.Trailer.ShouldNotBeNull().Reason.ShouldBe(UtteranceEnd.Types.Reason.Truncated);
        }
    }

    [Theory]
    [InlineData(Kind.Version1, false)]
    [InlineData(Kind.Plain, false)]
    [InlineData(Kind.Plain, true)]
    [InlineData(Kind.Encrypted, false)]
    [InlineData(Kind.Encrypted, true)]
    public void Open_BitFlippedAnywhere_SendsAllOfItOrReportsALoss(Kind kind, bool isOtherBoot)
    {
        var random = new Random(4);
        var length = Record(kind).File.Length;
        for (var position = 0; position < length; position++)
        {
            var (disk, file) = Record(kind);
            file[position] ^= (byte)(1 << random.Next(8));

            var entry = Examine(disk, file, isOtherBoot, $"bit flipped in byte {position}");

            // Only where nothing that was said is: in the marks, or in the trailer, whose place a mark takes.
            entry?.LengthBytes.ShouldBe(Pcm(Damaged).Length);
        }
    }

    /// <returns>What is sent of the damaged one; null when it is a loss.</returns>
    private SpoolEntry? Examine(FakeDisk disk, byte[] damagedFile, bool isOtherBoot, string what)
    {
        disk.Overwrite(PathOf(Damaged), damagedFile);
        if (isOtherBoot)
        {
            disk.CutPower(new Random(1));
        }

        var install = Install.Open(Folder, _time, disk);
        var sut = Open(disk, install, isEncrypted: true);
        var sent = sut.Snapshot().Where(sut.Verify).ToDictionary(entry => entry.SequenceNumber);
        foreach (var neighbour in new ulong[] { 1, 3 })
        {
            ReadAll(sent[neighbour]).AsSpan().SequenceEqual(Pcm(neighbour)).ShouldBeTrue(what);
            sent[neighbour].Trailer.ShouldNotBeNull().Reason.ShouldBe(UtteranceEnd.Types.Reason.Silence, what);
        }

        install.NextSequenceNumber.ShouldBe(4UL, what);
        if (sent.TryGetValue(Damaged, out var entry))
        {
            Pcm(Damaged).AsSpan().StartsWith(ReadAll(entry)).ShouldBeTrue(what);
            sut.Losses.ShouldBeEmpty(what);
            return entry;
        }

        var loss = sut.Losses.ShouldHaveSingleItem(what);
        loss.SequenceNumber.ShouldBe(Damaged, what);
        loss.UtteranceId.ShouldBe(Start(Damaged).UtteranceId, what);
        loss.StartedAtUnixMs.ShouldBe(Start(Damaged).StartedAtUnixMs, what);

        // A file without any audio has nothing to look at.
        disk.Files(Folder + "/quarantine").Count.ShouldBe(loss.Reason == UtteranceLost.Types.Reason.Damaged ? 1 : 0, what);
        sut.SettledBelow(4).ShouldBe(1UL);
        Open(disk, install, isEncrypted: true).Losses.ShouldBe(sut.Losses, what);
        return null;
    }

    private (FakeDisk Disk, byte[] File) Record(Kind kind)
    {
        var disk = new FakeDisk();
        var install = Install.Open(Folder, _time, disk);
        var spool = Open(disk, install, kind == Kind.Encrypted);
        for (ulong number = 1; number <= 3; number++)
        {
            using var writer = spool.TryCreate(Start(number)).ShouldNotBeNull();
            install.UseSequenceNumber(number);
            var pcm = Pcm(number);
            for (var i = 0; i < Pieces; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                writer.Append(pcm.AsSpan(i * pcm.Length / Pieces, pcm.Length / Pieces));
            }

            writer.Complete(UtteranceEnd.Types.Reason.Silence);
        }

        if (kind == Kind.Version1)
        {
            disk.Overwrite(PathOf(Damaged), SpoolV1.File(Start(Damaged), Pcm(Damaged), UtteranceEnd.Types.Reason.Silence));
        }

        return (disk, disk.Read(PathOf(Damaged)));
    }

    private UtteranceSpool Open(FakeDisk disk, Install install, bool isEncrypted) => UtteranceSpool.Open(
        Folder, new SpoolOptions { Encrypt = isEncrypted }, _time, NullLogger.Instance, out _, install, disk, machineSerial: "");

    private static string PathOf(ulong number) => $"{Folder}/spool/{SpoolFormat.FileName(Start(number))}";

    private static UtteranceStart Start(ulong number) => new()
    {
        UtteranceId = $"019b76da-a800-7000-8000-{number:x12}",
        SequenceNumber = number,
        StartedAtUnixMs = 1_767_225_600_000,
        Source = "goforward.wav",
    };

    private static byte[] Pcm(ulong number)
    {
        var pcm = new byte[240];
        new Random((int)number).NextBytes(pcm);
        return pcm;
    }

    private static byte[] ReadAll(SpoolEntry entry)
    {
        var pcm = new byte[entry.LengthBytes];
        entry.Read(0, pcm).ShouldBe(pcm.Length);
        return pcm;
    }
}
