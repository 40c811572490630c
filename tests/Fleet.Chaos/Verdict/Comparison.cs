using System.Globalization;
using Fleet.Chaos.Ledgers;

namespace Fleet.Chaos.Verdict;

/// <summary>
/// Compares what the agents heard with what the database has. Rows are given one at a time, each device's by (started_at, utterance_id), so
/// that their audio need not be in memory all at once; then what is left is judged.
/// </summary>
internal sealed class Comparison
{
    private const int BytesPerSecond = 32_000;

    private readonly Findings _findings;
    private readonly LossCauses _causes;
    private readonly Dictionary<(string, Guid), LedgerEntry> _byId = [];
    private readonly Dictionary<(string, long), List<LedgerEntry>> _byNumber = [];
    private readonly HashSet<LedgerEntry> _matched = [];
    private readonly Dictionary<string, SortedSet<long>> _numbers = [];
    private readonly Dictionary<string, long> _highest = [];
    private long _rows;
    private long _lost;

    public Comparison(IEnumerable<Ledger> ledgers, LossCauses causes, Findings findings)
    {
        _findings = findings;
        _causes = causes;
        foreach (var ledger in ledgers)
        {
            foreach (var damage in ledger.Damage)
            {
                findings.Add(Bad.LedgerDamaged, damage);
            }

            foreach (var entry in ledger.Entries)
            {
                findings.Utterances++;
                _byId.Add((entry.DeviceId, entry.UtteranceId), entry);
                if (!_byNumber.TryGetValue((entry.DeviceId, entry.SequenceNumber), out var same))
                {
                    _byNumber.Add((entry.DeviceId, entry.SequenceNumber), same = []);
                }

                same.Add(entry);
            }
        }
    }

    /// <summary>What the product's own accounts must say of the rows that were given.</summary>
    public Accounts Expected => new(_numbers.Values.Sum(numbers => numbers.Max), _rows - _lost, _lost, 0);

    public void Add(StoredRow row)
    {
        _rows++;
        _lost += row.Status == StoredRow.StatusLost ? 1 : 0;
        var number = CheckNumber(row);
        if (row.Status == StoredRow.StatusStored)
        {
            _findings.Add(Bad.Stuck, $"{Name(row)} has no final status");
        }

        if (Find(row) is not { } entry)
        {
            _findings.Add(Bad.Unknown, $"{Name(row)} is in no ledger");
            return;
        }

        if (!_matched.Add(entry) || !number)
        {
            _findings.Add(Bad.Duplicated, $"{Name(row)} has another row with its {(number ? "utterance" : "number")}");
            return;
        }

        if (entry.SequenceNumber != row.SequenceNumber)
        {
            _findings.Add(Bad.Altered, string.Create(CultureInfo.InvariantCulture, $"{Name(row)} was number {entry.SequenceNumber} when it was spoken"));
        }
        else if (row.Status == StoredRow.StatusLost)
        {
            JudgeLoss(entry, row);
        }
        else
        {
            _findings.Failed += row.Status == StoredRow.StatusFailed ? 1 : 0;
            JudgeAudio(entry, row);
        }
    }

    /// <param name="waiting">Files that are left in spools: what they hold is stuck, not lost.</param>
    public void Complete(IReadOnlyList<string> waiting)
    {
        foreach (var file in waiting)
        {
            _findings.Add(Bad.Stuck, $"{file} is in a spool");
        }

        foreach (var entry in _byId.Values.Where(entry => !_matched.Contains(entry)))
        {
            if (waiting.Any(file => file.Contains(entry.UtteranceId.ToString(), StringComparison.Ordinal)))
            {
                continue;
            }

            if (!entry.IsEnded && Required(entry) == 0)
            {
                _findings.Add(Good.NotBegun);
            }
            else
            {
                _findings.Add(Bad.Lost, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.DeviceId} {entry.UtteranceId} (number {entry.SequenceNumber}, {Seconds(entry.Bytes)}, begun {entry.BeganAt:HH:mm:ss.fff}, {(entry.IsEnded ? "ended" : "cut")}) has no row"));
            }
        }

        foreach (var (device, numbers) in _numbers)
        {
            for (var number = 1L; number < numbers.Max; number++)
            {
                // A number whose only utterance is in a spool, or counted as lost, is told there.
                if (!numbers.Contains(number) && !_byNumber.ContainsKey((device, number)))
                {
                    _findings.Add(Bad.Gap, string.Create(CultureInfo.InvariantCulture, $"{device} has no number {number}"));
                }
            }
        }
    }

    private static string Name(StoredRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.DeviceId} {row.UtteranceId} (number {row.SequenceNumber})");

    private static string Seconds(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)BytesPerSecond:0.00} s");

    /// <summary>What a kill may not take: a spool need not have flushed the last second.</summary>
    private static long Required(LedgerEntry entry) => Math.Max(0, entry.GivenBytes - BytesPerSecond);

    /// <summary>False when the device has the number already.</summary>
    private bool CheckNumber(StoredRow row)
    {
        if (!_numbers.TryGetValue(row.DeviceId, out var numbers))
        {
            _numbers.Add(row.DeviceId, numbers = []);
        }

        if (!numbers.Add(row.SequenceNumber))
        {
            return false;
        }

        var highest = _highest.GetValueOrDefault(row.DeviceId);
        if (row.SequenceNumber < highest)
        {
            _findings.Add(Bad.Misordered, string.Create(CultureInfo.InvariantCulture, $"{Name(row)} comes after number {highest}"));
        }

        _highest[row.DeviceId] = Math.Max(highest, row.SequenceNumber);
        return true;
    }

    /// <summary>By id; by number where the agent has corrected time and id before it sent it.</summary>
    private LedgerEntry? Find(StoredRow row)
    {
        if (_byId.TryGetValue((row.DeviceId, row.UtteranceId), out var entry))
        {
            return entry;
        }

        return row.Clock is StoredRow.ClockCorrected or StoredRow.ClockUnknown && _byNumber.TryGetValue((row.DeviceId, row.SequenceNumber), out var same)
            ? same.FindLast(candidate => !_matched.Contains(candidate))
            : null;
    }

    private void JudgeLoss(LedgerEntry entry, StoredRow row)
    {
        if (_causes.Explains(entry, row.LostReason))
        {
            _findings.Add(Good.LostWithCause);
        }
        else if (!entry.IsEnded && Required(entry) == 0)
        {
            // Reporting what a kill took before its first second is more than is asked for.
            _findings.Add(Good.NotBegun);
        }
        else
        {
            _findings.Add(Bad.LostWithoutCause, string.Create(CultureInfo.InvariantCulture, $"{Name(row)}: reason {row.LostReason}, {row.Reason}"));
        }
    }

    private void JudgeAudio(LedgerEntry entry, StoredRow row)
    {
        var pcm = row.Pcm ?? [];
        if (AudioCheck.IsWhole(entry, pcm))
        {
            _findings.Add(entry.IsEnded ? Good.Whole : Good.CutByKill);
            return;
        }

        var isBeginning = AudioCheck.IsBeginning(entry, pcm);
        if (isBeginning && _causes.DiskExplains(entry))
        {
            _findings.Add(Good.CutByDisk);
        }
        else if (isBeginning && !entry.IsEnded && pcm.Length >= Required(entry))
        {
            _findings.Add(Good.CutByKill);
            _findings.OnCut(TimeSpan.FromSeconds(Math.Max(0, entry.GivenBytes - pcm.Length) / (double)BytesPerSecond));
        }
        else
        {
            var how = isBeginning ? "is too short" : "differs";
            _findings.Add(Bad.Altered, $"{Name(row)} {how}: {Seconds(pcm.Length)} stored of {Seconds(entry.Bytes)} heard, {(entry.IsEnded ? "ended" : "cut by a kill")}, begun {entry.BeganAt:HH:mm:ss.fff}");
        }
    }
}
