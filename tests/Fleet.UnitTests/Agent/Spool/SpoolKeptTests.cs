using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Spool.Container;
using Fleet.Testing.Time;
using Fleet.UnitTests.Agent.Spool.Disk;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Spool;

/// <summary>What is stored and kept for a while, and what gets another id.</summary>
public sealed class SpoolKeptTests
{
    private const string Folder = "/state";
    private const string NewId = "019b76da-a801-7000-8000-000000000009";

    private readonly FakeDisk _disk = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Delete_NothingIsToBeKept_IsGone()
    {
        var sut = Open(keepHours: 0);

        sut.Delete(Record(sut, 1));

        sut.Kept.ShouldBeEmpty();
        _disk.Files(Folder + "/kept").ShouldBeEmpty();
        _disk.Files(Folder + "/spool").ShouldBeEmpty();
    }

    [Fact]
    public void Delete_IsToBeKept_IsThereUntilItsTimeIsOverAndIsNoLoss()
    {
        var sut = Open();
        sut.Delete(Record(sut, 1));
        sut.Count.ShouldBe(0);
        sut.Bytes.ShouldBe(0);
        sut.Kept.ShouldHaveSingleItem().SequenceNumber.ShouldBe(1UL);

        _time.Advance(TimeSpan.FromHours(5));
        sut.Maintain();
        Open().Kept.ShouldHaveSingleItem();
        _time.Advance(TimeSpan.FromHours(6));
        sut.Maintain();

        sut.Kept.ShouldBeEmpty();
        sut.Losses.ShouldBeEmpty();
        sut.LostUtterances.ShouldBe(0);
        _disk.Files(Folder + "/kept").ShouldBeEmpty();
    }

    [Fact]
    public void Restore_CloudHasLostIt_IsSentAgainAlsoAfterAPowerCut()
    {
        var sut = Open();
        var start = Record(sut, 1).Start;
        sut.Delete(sut.Snapshot()[0]);
        sut = Open();
        var changed = new List<SpoolEntry?>();
        sut.Changed += changed.Add;

        sut.Restore(sut.Kept[0]);

        var entry = sut.Snapshot().ShouldHaveSingleItem();
        changed.ShouldBe([entry]);
        entry.TryTake().ShouldBeTrue();
        sut.Kept.ShouldBeEmpty();
        _disk.CutPower(new Random(3));
        sut = Open();
        entry = sut.Snapshot().ShouldHaveSingleItem();
        entry.Start.ShouldBe(start);
        sut.Verify(entry).ShouldBeTrue();
    }

    [Fact]
    public void Append_RoomIsNeeded_WhatIsStoredGoesFirst()
    {
        var sut = Open(maxBytes: 10_000);
        sut.Delete(Record(sut, 1));
        Record(sut, 2);

        Record(sut, 3);

        sut.Kept.ShouldBeEmpty();
        sut.Snapshot().Select(entry => entry.SequenceNumber).ShouldBe([2UL, 3UL]);
        sut.Losses.ShouldBeEmpty();
    }

    [Fact]
    public void Open_KeepingWasTurnedOff_NothingIsKept()
    {
        var sut = Open();
        sut.Delete(Record(sut, 1));

        Open(keepHours: 0).Kept.ShouldBeEmpty();

        _disk.Files(Folder + "/kept").ShouldBeEmpty();
    }

    [Fact]
    public void Correct_Entry_HasItsNewIdAndTimeAndItsAudio()
    {
        var sut = Open();
        Record(sut, 1);

        var corrected = sut.Correct(sut.Snapshot()[0], NewId, 1_800_000_000_000, Clock.Corrected);

        foreach (var entry in new[] { corrected, sut.Snapshot().ShouldHaveSingleItem(), Open().Snapshot().ShouldHaveSingleItem() })
        {
            (entry.Id, entry.SequenceNumber, entry.Start.StartedAtUnixMs, entry.Start.Clock).ShouldBe((NewId, 1UL, 1_800_000_000_000, Clock.Corrected));
            entry.Start.Source.ShouldBe("goforward.wav");
            var pcm = new byte[entry.LengthBytes];
            entry.Read(0, pcm);
            pcm.AsSpan().SequenceEqual(Pcm(1)).ShouldBeTrue();
        }

        sut.Bytes.ShouldBe(corrected.FileBytes);
        _disk.Files(Folder + "/spool").ShouldHaveSingleItem();
    }

    [Fact]
    public void Correct_DiskIsFull_IsAsItWas()
    {
        var sut = Open();
        var entry = Record(sut, 1);
        _disk.IsFull = true;

        sut.Correct(entry, NewId, 1, Clock.Corrected).ShouldBe(entry);

        sut.Snapshot().ShouldBe([entry]);
        _disk.Files(Folder + "/spool").ShouldHaveSingleItem();
    }

    [Fact]
    public void Correct_StillRecorded_IsAsItWas()
    {
        var sut = Open();
        using var writer = sut.TryCreate(Start(1)).ShouldNotBeNull();
        writer.Append(Pcm(1));

        sut.Correct(writer.Entry, NewId, 1, Clock.Corrected).ShouldBe(writer.Entry);
    }

    /// <summary>Whenever the power goes: one of the two, whole, and never both.</summary>
    [Fact]
    public void Correct_PowerGoesAtAnyStep_OneOfTheTwoIsThere()
    {
        for (var steps = 0; steps < 14; steps++)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var disk = new FakeDisk();
                var spool = Open(disk: disk);
                var entry = Record(spool, 1);
                disk.PowerGoesAfter = steps;
                try
                {
                    spool.Correct(entry, NewId, 1_800_000_000_000, Clock.Corrected);
                }
                catch (PowerCutException)
                {
                    // Looked at below.
                }

                disk.CutPower(new Random(seed));
                spool = Open(disk: disk);

                var left = spool.Snapshot().ShouldHaveSingleItem($"power cut after {steps} steps, seed {seed}");
                spool.Verify(left).ShouldBeTrue();
                left.LengthBytes.ShouldBe(Pcm(1).Length);
                spool.Losses.ShouldBeEmpty();
                disk.Files(Folder + "/spool").ShouldBe([$"{Folder}/spool/{SpoolFormat.FileName(left.Start)}"]);
            }
        }
    }

    private UtteranceSpool Open(double keepHours = 10, long maxBytes = 1 << 20, FakeDisk? disk = null) => UtteranceSpool.Open(
        Folder,
        new SpoolOptions { KeepStored = TimeSpan.FromHours(keepHours), MaxBytes = maxBytes },
        _time,
        NullLogger.Instance,
        out _,
        numbers: null,
        disk ?? _disk,
        machineSerial: "");

    private static SpoolEntry Record(UtteranceSpool spool, ulong number)
    {
        using var writer = spool.TryCreate(Start(number)).ShouldNotBeNull();
        writer.Append(Pcm(number));
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        return writer.Entry;
    }

    private static UtteranceStart Start(ulong number) => new()
    {
        UtteranceId = $"019b76da-a800-7000-8000-{number:x12}",
        SequenceNumber = number,
        StartedAtUnixMs = 1_767_225_600_000,
        Clock = Clock.Device,
        Source = "goforward.wav",
    };

    private static byte[] Pcm(ulong number)
    {
        var pcm = new byte[4000];
        new Random((int)number).NextBytes(pcm);
        return pcm;
    }
}
