using Fleet.Chaos.Ledgers;
using Fleet.Chaos.Verdict;

namespace Fleet.UnitTests.Chaos.Verdict;

/// <summary>Each thing that must not be is seen, and nothing else is taken for it.</summary>
public sealed class ComparisonTests
{
    private const string Device = "agent1-001";
    private const int Piece = 3_200;
    private const int BytesPerSecond = 32_000;

    private readonly List<LedgerEntry> _entries = [];
    private readonly LossCauses _causes = new("agent1", hasSmallSpool: false);

    [Fact]
    public void Rows_AsHeard_AreClean()
    {
        var first = Heard(1, seconds: 2);
        var second = Heard(2, seconds: 3);

        var findings = Compare([Row(first), Row(second)], out var expected);

        findings.IsClean.ShouldBeTrue(string.Join('\n', findings.Cases));
        findings[Good.Whole].ShouldBe(2);
        findings.Utterances.ShouldBe(2);
        expected.ShouldBe(new Accounts(Spoken: 2, Stored: 2, Lost: 0, Missing: 0));
    }

    [Fact]
    public void Row_IsMissing_IsLost()
    {
        Heard(1, seconds: 2);

        Only(Compare([]), Bad.Lost);
    }

    [Fact]
    public void Row_IsMissingInTheMiddle_IsLostAndNoGapBeside()
    {
        var first = Heard(1, seconds: 2);
        Heard(2, seconds: 2);
        var third = Heard(3, seconds: 2);

        Only(Compare([Row(first), Row(third)]), Bad.Lost);
    }

    [Fact]
    public void Number_ThatNobodyHeard_IsAGap()
    {
        var first = Heard(1, seconds: 2);
        var third = Heard(3, seconds: 2);

        Only(Compare([Row(first), Row(third)]), Bad.Gap);
    }

    [Fact]
    public void Row_WithAnotherAudio_IsAltered()
    {
        var entry = Heard(1, seconds: 2);
        var pcm = Speech(1, 2 * BytesPerSecond);
        pcm[40_000]++;

        Only(Compare([Row(entry) with { Pcm = pcm }]), Bad.Altered);
    }

    [Fact]
    public void Row_ThatEndsEarlyWithoutAKill_IsAltered()
    {
        var entry = Heard(1, seconds: 3);

        Only(Compare([Row(entry) with { Pcm = Speech(1, 2 * BytesPerSecond), EndReason = StoredRow.EndTruncated }]), Bad.Altered);
    }

    [Fact]
    public void Row_WithoutAudio_IsAltered()
    {
        var entry = Heard(1, seconds: 2);

        Only(Compare([Row(entry) with { Pcm = null }]), Bad.Altered);
    }

    [Fact]
    public void Row_WithAnotherNumber_IsAltered()
    {
        var entry = Heard(1, seconds: 2);

        var findings = Compare([Row(entry) with { SequenceNumber = 2 }]);

        findings[Bad.Altered].ShouldBe(1);
    }

    [Fact]
    public void Rows_TwoWithOneNumber_AreDuplicated()
    {
        var entry = Heard(1, seconds: 2);
        var again = Heard(1, seconds: 2);

        Only(Compare([Row(entry), Row(again)]), Bad.Duplicated);
    }

    [Fact]
    public void Rows_NotInTheOrderOfTheirNumbers_AreMisordered()
    {
        var first = Heard(1, seconds: 2);
        var second = Heard(2, seconds: 2);

        Only(Compare([Row(second), Row(first)]), Bad.Misordered);
    }

    [Fact]
    public void Row_WithoutFinalStatus_IsStuck()
    {
        var entry = Heard(1, seconds: 2);

        Only(Compare([Row(entry) with { Status = StoredRow.StatusStored }]), Bad.Stuck);
    }

    [Fact]
    public void Utterance_StillInASpool_IsStuckAndNotLost()
    {
        var entry = Heard(1, seconds: 2);

        Only(Compare([], out _, $"{Device}/spool/00000000000000000001-{entry.UtteranceId}.utterance"), Bad.Stuck);
    }

    [Fact]
    public void Row_OfWhichNoLedgerKnows_IsUnknown()
    {
        var entry = Heard(1, seconds: 2);

        Only(Compare([Row(entry), Row(entry) with { UtteranceId = Guid.CreateVersion7(), SequenceNumber = 2 }]), Bad.Unknown);
    }

    [Theory]
    [InlineData(StoredRow.ClockCorrected)]
    [InlineData(StoredRow.ClockUnknown)] // Of an earlier run whose wall clock was ahead: it gets the last time that was kept.
    public void Row_WithACorrectedTime_MayHaveAnotherIdAndIsFoundByItsNumber(int clock)
    {
        var entry = Heard(1, seconds: 2);

        var findings = Compare([Row(entry) with { UtteranceId = Guid.CreateVersion7(), Clock = clock }]);

        findings.IsClean.ShouldBeTrue(string.Join('\n', findings.Cases));
    }

    [Fact]
    public void Loss_WithoutFaultOrBound_IsWithoutCause()
    {
        var entry = Heard(1, seconds: 2);

        Only(Compare([Row(entry) with { Status = StoredRow.StatusLost, Pcm = null }]), Bad.LostWithoutCause);
    }

    [Fact]
    public void Loss_WhileTheDiskWasFull_IsReportedWithCause()
    {
        var entry = Heard(1, seconds: 2);
        _causes.DiskWasFull(entry.BeganAt.AddSeconds(1), entry.BeganAt.AddSeconds(5));

        var findings = Compare([Row(entry) with { Status = StoredRow.StatusLost, Pcm = null }], out var expected);

        findings.IsClean.ShouldBeTrue();
        findings[Good.LostWithCause].ShouldBe(1);
        expected.ShouldBe(new Accounts(Spoken: 1, Stored: 0, Lost: 1, Missing: 0));
    }

    [Fact]
    public void Loss_ForAnotherReasonWhileTheDiskWasFull_IsWithoutCause()
    {
        var entry = Heard(1, seconds: 2);
        _causes.DiskWasFull(entry.BeganAt, entry.BeganAt.AddSeconds(5));

        Only(Compare([Row(entry) with { Status = StoredRow.StatusLost, LostReason = StoredRow.LostSpoolFull, Pcm = null }]), Bad.LostWithoutCause);
    }

    [Fact]
    public void Loss_ByTheBoundOfASmallSpool_IsReportedWithCause()
    {
        var entry = Heard(1, seconds: 2);
        var row = Row(entry) with { Status = StoredRow.StatusLost, LostReason = StoredRow.LostSpoolFull, Pcm = null };
        var findings = new Findings();

        new Comparison([new Ledger(Device, _entries, 1, [])], new LossCauses("agent1", hasSmallSpool: true), findings).Add(row);

        findings.IsClean.ShouldBeTrue();
        findings[Good.LostWithCause].ShouldBe(1);
    }

    [Fact]
    public void Loss_OfAnotherAgentWhileTheDiskWasFull_IsWithoutCause()
    {
        var entry = Heard(1, seconds: 2, device: "agent2-001");
        _causes.DiskWasFull(entry.BeganAt, entry.BeganAt.AddSeconds(5));

        Only(Compare([Row(entry) with { Status = StoredRow.StatusLost, Pcm = null }]), Bad.LostWithoutCause);
    }

    [Fact]
    public void Loss_NotReportedWhileTheDiskWasFull_IsLost()
    {
        var entry = Heard(1, seconds: 2);
        _causes.DiskWasFull(entry.BeganAt, entry.BeganAt.AddSeconds(5));

        Only(Compare([]), Bad.Lost);
    }

    [Fact]
    public void Row_CutByAFullDisk_IsItsBeginning()
    {
        var entry = Heard(1, seconds: 3);
        _causes.DiskWasFull(entry.BeganAt, entry.BeganAt.AddSeconds(5));

        Compare([Row(entry) with { Pcm = Speech(1, Piece) }])[Good.CutByDisk].ShouldBe(1);
    }

    [Theory]
    [InlineData(2 * BytesPerSecond)] // all of it
    [InlineData((2 * BytesPerSecond) - Piece)] // without the last piece, which did not reach the spool
    [InlineData(BytesPerSecond)] // the last second was not on the disk
    [InlineData(BytesPerSecond + 1_000)] // not at a piece's end
    public void Row_CutByAKill_MayLackItsLastSecond(int stored)
    {
        var entry = Heard(1, seconds: 2, ended: false);

        var findings = Compare([Row(entry) with { Pcm = Speech(1, stored), EndReason = StoredRow.EndTruncated }]);

        findings.IsClean.ShouldBeTrue(string.Join('\n', findings.Cases));
        findings[Good.CutByKill].ShouldBe(1);
        findings.LongestCut.ShouldBe(TimeSpan.FromSeconds(Math.Max(0, (2 * BytesPerSecond) - Piece - stored) / (double)BytesPerSecond));
    }

    [Theory]
    [InlineData(BytesPerSecond - Piece - 2, 0)] // more than a second is missing
    [InlineData(BytesPerSecond, 1)] // another beginning
    [InlineData((2 * BytesPerSecond) + 2, 0)] // more than was heard
    public void Row_CutByAKillButNotItsBeginning_IsAltered(int stored, byte change)
    {
        var entry = Heard(1, seconds: 2, ended: false);
        var pcm = Speech(1, stored);
        pcm[100] += change;

        Only(Compare([Row(entry) with { Pcm = pcm, EndReason = StoredRow.EndTruncated }]), Bad.Altered);
    }

    [Fact]
    public void Utterance_KilledBeforeItsFirstSecond_NeedsNoRow()
    {
        Heard(1, seconds: 1, ended: false);
        var next = Heard(1, seconds: 2);

        var findings = Compare([Row(next)]);

        findings.IsClean.ShouldBeTrue(string.Join('\n', findings.Cases));
        findings[Good.NotBegun].ShouldBe(1);
    }

    [Fact]
    public void Utterance_KilledAfterItsFirstSecond_NeedsARow()
    {
        Heard(1, seconds: 1.3, ended: false);

        Only(Compare([]), Bad.Lost);
    }

    [Fact]
    public void Ledger_Damaged_ProvesNothing()
    {
        var findings = new Findings();
        new Comparison([new Ledger(Device, [], 1, ["line 3"])], _causes, findings).Complete([]);

        Only(findings, Bad.LedgerDamaged);
    }

    private static void Only(Findings findings, Bad kind)
    {
        var counts = Enum.GetValues<Bad>().ToDictionary(bad => bad, bad => findings[bad]);
        counts[kind].ShouldBe(1, string.Join('\n', findings.Cases));
        counts.Values.Sum().ShouldBe(1, string.Join('\n', findings.Cases));
        findings.IsClean.ShouldBeFalse();
    }

    private static byte[] Speech(long number, int bytes)
    {
        var pcm = new byte[bytes];
        new Random((int)number).NextBytes(pcm);
        return pcm;
    }

    private static StoredRow Row(LedgerEntry entry) => new()
    {
        DeviceId = entry.DeviceId,
        UtteranceId = entry.UtteranceId,
        SequenceNumber = entry.SequenceNumber,
        Status = 2,
        Pcm = Speech(entry.SequenceNumber, (int)entry.Bytes),
    };

    private LedgerEntry Heard(long number, double seconds, bool ended = true, string device = Device)
    {
        var at = DateTimeOffset.UnixEpoch.AddHours(number);
        var entry = new LedgerEntry(device, Guid.CreateVersion7(), number, at);
        var pcm = Speech(number, (int)(seconds * BytesPerSecond));
        for (var bytes = Piece; bytes <= pcm.Length; bytes += Piece)
        {
            at += TimeSpan.FromMilliseconds(100);
            entry.Add(new LedgerPart(bytes, Hashes.Of(pcm.AsSpan(0, bytes))), at);
        }

        if (ended)
        {
            entry.End(at);
        }

        _entries.Add(entry);
        return entry;
    }

    private Findings Compare(IReadOnlyList<StoredRow> rows) => Compare(rows, out _);

    private Findings Compare(IReadOnlyList<StoredRow> rows, out Accounts expected, params string[] waiting)
    {
        var findings = new Findings();
        var ledgers = _entries.GroupBy(entry => entry.DeviceId).Select(device => new Ledger(device.Key, [.. device], 1, []));
        var sut = new Comparison(ledgers, _causes, findings);
        foreach (var row in rows)
        {
            sut.Add(row);
        }

        sut.Complete(waiting);
        expected = sut.Expected;
        return findings;
    }
}
