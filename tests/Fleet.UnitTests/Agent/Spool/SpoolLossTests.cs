using System.Globalization;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.Testing.Time;
using Fleet.UnitTests.Agent.Spool.Disk;
using Fleet.UnitTests.Agent.Uplink;
using Fleet.V1;
using Reason = Fleet.V1.UtteranceLost.Types.Reason;

namespace Fleet.UnitTests.Agent.Spool;

public sealed class SpoolLossTests
{
    private const string Folder = "/state";

    private readonly FakeDisk _disk = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger _log = new();
    private Install? _install;

    [Fact]
    public void Reject_Entry_IsALossThatSurvivesUntilItIsCommitted()
    {
        var sut = Open();
        var start = Record(sut, 1).Start;

        sut.Reject(sut.Snapshot()[0], "BAD_ID, the id is not one");

        var expected = new SpoolLoss(
            start.UtteranceId, 1, start.StartedAtUnixMs, Clock.Server, Trigger.Button, Reason.Rejected, "BAD_ID, the id is not one", 4000);
        sut.Losses.ShouldBe([expected]);
        sut.SettledBelow(2).ShouldBe(1UL);
        CutPower();
        sut = Open();
        sut.Losses.ShouldBe([expected]);
        sut.Count.ShouldBe(0);

        sut.ForgetLoss(start.UtteranceId);

        sut.Losses.ShouldBeEmpty();
        sut.SettledBelow(2).ShouldBe(2UL);
        Open().Losses.ShouldBeEmpty();
        _disk.Files(Folder + "/quarantine").Count.ShouldBe(1);
    }

    [Fact]
    public void Append_SpoolIsFull_OldestIsALossAndItsAudioGoes()
    {
        var sut = Open(new SpoolOptions { MaxBytes = 10_000 });
        Record(sut, 1);
        Record(sut, 2);

        Record(sut, 3);

        sut.Snapshot().Select(entry => entry.SequenceNumber).ShouldBe([2UL, 3UL]);
        var loss = sut.Losses.ShouldHaveSingleItem();
        (loss.SequenceNumber, loss.Reason, loss.LengthBytes).ShouldBe((1UL, Reason.SpoolFull, 4000L));
        _disk.Files(Folder + "/spool").Count.ShouldBe(2);
    }

    [Fact]
    public void Append_SpoolAndDiskAreFull_TheAudioGivesItsPlaceToItsRecord()
    {
        var sut = Open(new SpoolOptions { MaxBytes = 10_000 });
        Record(sut, 1);
        Record(sut, 2);
        using var writer = sut.TryCreate(Start(3)).ShouldNotBeNull();
        _disk.RefusesNewFiles = true;

        writer.Append(new byte[4000]);

        sut.Losses.ShouldHaveSingleItem().SequenceNumber.ShouldBe(1UL);
        CutPower();
        var loss = Open(new SpoolOptions { MaxBytes = 10_000 }).Losses[0];
        (loss.SequenceNumber, loss.Reason, loss.LengthBytes, loss.StartedAtUnixMs).ShouldBe((1UL, Reason.SpoolFull, 4000L, Start(1).StartedAtUnixMs));
    }

    [Fact]
    public void TryCreate_DiskIsFull_TheNumberIsUsedAndItsLossOnRecord()
    {
        var sut = Open();
        _disk.IsFull = true;

        sut.TryCreate(Start(1)).ShouldBeNull();

        _install.ShouldNotBeNull().NextSequenceNumber.ShouldBe(2UL);
        CutPower();
        var loss = Open().Losses.ShouldHaveSingleItem();
        (loss.SequenceNumber, loss.Reason, loss.UtteranceId).ShouldBe((1UL, Reason.Disk, Start(1).UtteranceId));
        _install.NextSequenceNumber.ShouldBe(2UL);
    }

    [Fact]
    public void TryCreate_DiskIsReadOnly_TheLossIsReportedAndWrittenWhenItCanBe()
    {
        var sut = Open();
        _disk.IsReadOnly = true;
        sut.TryCreate(Start(1)).ShouldBeNull();
        sut.Losses.ShouldHaveSingleItem().Reason.ShouldBe(Reason.Disk);
        _disk.Files(Folder + "/lost").ShouldBeEmpty();

        _disk.IsReadOnly = false;
        sut.Maintain();

        _disk.Files(Folder + "/lost").ShouldHaveSingleItem();
        Open().Losses.ShouldBe(sut.Losses);
    }

    [Fact]
    public void Open_NumberOfALossThatNothingKept_IsGivenAgainAndLeavesNoGap()
    {
        var sut = Open();
        _disk.IsReadOnly = true;
        sut.TryCreate(Start(1)).ShouldBeNull();

        CutPower();
        _disk.IsReadOnly = false;
        Open();

        _install.ShouldNotBeNull().NextSequenceNumber.ShouldBe(1UL);
    }

    [Fact]
    public void Maintain_OlderThanTheBound_IsALoss()
    {
        var sut = Open();
        Record(sut, 1);
        _time.Advance(TimeSpan.FromDays(6.9));
        Record(sut, 2);
        sut.Maintain();
        sut.Count.ShouldBe(2);

        _time.Advance(TimeSpan.FromDays(0.2));
        sut.Maintain();

        sut.Snapshot().ShouldHaveSingleItem().SequenceNumber.ShouldBe(2UL);
        sut.Losses.ShouldHaveSingleItem().Reason.ShouldBe(Reason.Expired);
        _log.Lines.ShouldContain(line => line.Text.Contains("--spool-days", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-400)]
    public void Maintain_WallClockJumps_NothingGoesOrStaysForThat(int days)
    {
        var sut = Open();
        Record(sut, 1);

        _time.StepWallClock(TimeSpan.FromDays(days));
        _time.Advance(TimeSpan.FromDays(6));
        sut.Maintain();
        sut.Count.ShouldBe(1);

        _time.Advance(TimeSpan.FromDays(2));
        sut.Maintain();
        sut.Count.ShouldBe(0);
    }

    [Fact]
    public void Maintain_DeviceWakesUpAYearLater_WhatItFindsHasDaysToBeSent()
    {
        var sut = Open();
        Record(sut, 1);
        _time.Advance(TimeSpan.FromDays(5));
        sut.Maintain();
        _time.StepWallClock(TimeSpan.FromDays(365));

        sut = Open();
        _time.Advance(TimeSpan.FromHours(20));
        sut.Maintain();
        sut.Count.ShouldBe(1, "a start adds a day at most");

        _time.Advance(TimeSpan.FromDays(1.5));
        sut.Maintain();
        sut.Count.ShouldBe(0);
    }

    [Fact]
    public void Maintain_BeingSent_IsNotTooOld()
    {
        var sut = Open();
        Record(sut, 1).TryTake().ShouldBeTrue();
        _time.Advance(TimeSpan.FromDays(8));

        sut.Maintain();

        sut.Count.ShouldBe(1);
    }

    [Fact]
    public void Losses_BeyondTheBound_OldestIsForgottenAndThatIsSaid()
    {
        var sut = Open(new SpoolOptions { MaxLosses = 2 });
        for (ulong number = 1; number <= 3; number++)
        {
            sut.Reject(Record(sut, number), "TOO_LONG");
        }

        sut.Losses.Select(loss => loss.SequenceNumber).ShouldBe([2UL, 3UL]);
        _disk.Files(Folder + "/lost").Count.ShouldBe(2);
        _log.Lines.ShouldContain(line => line.Text.Contains("the oldest (number 1) is forgotten", StringComparison.Ordinal));
    }

    [Fact]
    public void Losses_RecordIsDamaged_ItsNameSaysWhatMatters()
    {
        var sut = Open();
        sut.Reject(Record(sut, 1), "TOO_LONG");
        _disk.Overwrite(_disk.Files(Folder + "/lost").ShouldHaveSingleItem(), [1, 2, 3]);

        var loss = Open().Losses.ShouldHaveSingleItem();

        (loss.UtteranceId, loss.SequenceNumber, loss.Reason, loss.LengthBytes).ShouldBe((Start(1).UtteranceId, 1UL, Reason.Rejected, 4000L));
        loss.StartedAtUnixMs.ShouldBe(Start(1).StartedAtUnixMs, "the time in the id");
    }

    [Fact]
    public void Delete_Thousand_FlushesNothing()
    {
        var sut = Open();
        for (ulong number = 1; number <= 100; number++)
        {
            Record(sut, number);
        }

        var before = _disk.Flushes;
        foreach (var entry in sut.Snapshot())
        {
            sut.Delete(entry);
        }

        _disk.Flushes.ShouldBe(before);
    }

    [Fact]
    public void Changed_Loss_IsRaisedWithoutAnEntry()
    {
        var sut = Open();
        Record(sut, 1);
        var raised = new List<SpoolEntry?>();
        sut.Changed += raised.Add;

        sut.Reject(sut.Snapshot()[0], "TOO_LONG");

        raised.ShouldBe([null]);
    }

    private UtteranceSpool Open(SpoolOptions? options = null)
    {
        _install = Install.Open(Folder, _time, _disk);
        return UtteranceSpool.Open(Folder, options ?? new SpoolOptions(), _time, _log, out _, _install, _disk, machineSerial: "");
    }

    private void CutPower() => _disk.CutPower(new Random(7));

    private SpoolEntry Record(UtteranceSpool spool, ulong number)
    {
        using var writer = spool.TryCreate(Start(number)).ShouldNotBeNull();
        _install.ShouldNotBeNull().UseSequenceNumber(number);
        writer.Append(new byte[4000]);
        writer.Complete(UtteranceEnd.Types.Reason.Silence);
        return writer.Entry;
    }

    private static UtteranceStart Start(ulong number) => new()
    {
        UtteranceId = string.Create(CultureInfo.InvariantCulture, $"019b76da-a800-7000-8000-{number:x12}"),
        SequenceNumber = number,
        StartedAtUnixMs = 1_767_225_600_000,
        Clock = Clock.Server,
        Trigger = Trigger.Button,
    };
}
