using Fleet.DeviceAgent.Spool.Losses;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

internal sealed partial class UtteranceSpool
{
    // What a start finds has this long to reach the cloud, however old it is.
    private static readonly TimeSpan _graceAfterStart = TimeSpan.FromHours(1);

    /// <summary>Utterances that are lost and of which the cloud does not know yet, oldest first.</summary>
    public IReadOnlyList<SpoolLoss> Losses => _ledger.All;

    /// <summary>The cloud has committed the loss.</summary>
    public void ForgetLoss(string utteranceId)
    {
        if (_ledger.TryForget(utteranceId, out var loss, out var path))
        {
            // Not null: it was found.
            Settle(loss!, path);
        }
    }

    /// <summary>The lowest number that is not answered for good: of an utterance in the spool or of a loss; else the next one.</summary>
    public ulong SettledBelow(ulong nextSequenceNumber)
    {
        lock (_lock)
        {
            var lowest = Math.Min(nextSequenceNumber, _ledger.LowestNumber ?? ulong.MaxValue);
            foreach (var number in _entries.Keys)
            {
                return Math.Min(lowest, number);
            }

            return lowest;
        }
    }

    /// <summary>The cloud will never take it: out of the way, kept for a look, and a loss.</summary>
    public void Reject(SpoolEntry entry, string reason) => SetAside(entry, UtteranceLost.Types.Reason.Rejected, reason);

    /// <summary>It is damaged: out of the way, kept for a look, and a loss.</summary>
    public void Quarantine(SpoolEntry entry, string reason) => SetAside(entry, UtteranceLost.Types.Reason.Damaged, reason);

    /// <summary>
    /// What time brings: utterances that are too old go, as does what was kept long enough; losses that were only in memory are written.
    /// To be called about once a minute.
    /// </summary>
    public void Maintain()
    {
        try
        {
            _clock.SaveIfDue();
            _ledger.TryWritePending();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // A disk in this state is said where it costs something.
            LogNotMaintained(ex.Message);
        }

        TrimKept();
        var now = _clock.Now;
        foreach (var entry in Snapshot().Where(IsComplete))
        {
            // What an agent before this one wrote does not say when: it is as old as this run.
            entry.BornAt ??= now - _clock.SinceStart;
            if (_clock.SinceStart >= _graceAfterStart && now - entry.BornAt > _options.MaxAge && entry.TryDrop())
            {
                if (_gate.TryPass(nameof(LogExpired), out var heldBack))
                {
                    LogExpired(entry.Id, entry.SequenceNumber, entry.LengthBytes / BytesPerSecond, _options.MaxAge.TotalDays, heldBack);
                }

                Drop(entry, UtteranceLost.Types.Reason.Expired, "It waited longer than the spool keeps anything.");
            }
        }
    }

    /// <summary>The disk has taken nothing of an utterance that was announced.</summary>
    /// <returns>False while the uplink is sending what little there is.</returns>
    internal bool TryLoseEmpty(SpoolEntry entry)
    {
        if (!entry.TryDrop())
        {
            return false;
        }

        Drop(entry, UtteranceLost.Types.Reason.Disk, "The disk did not take it.");
        return true;
    }

    /// <summary>Takes one that <see cref="SpoolEntry.TryDrop"/> has given out of the spool, its loss first.</summary>
    private void Drop(SpoolEntry entry, UtteranceLost.Types.Reason reason, string detail)
    {
        if (!IsIn(entry))
        {
            return;
        }

        // The loss first: at no moment may its number be in neither place, or settled_below would pass it.
        var isDurable = Record(entry.Start, reason, detail, entry.LengthBytes, entry.Path);
        Forget(entry);
        if (!isDurable)
        {
            // The disk was full: with the audio gone it may take the record.
            DeleteFile(entry.Path);
            _ledger.TryWritePending();
        }
        else
        {
            DeleteFile(entry.Path);
        }

        TellIfEmpty();
    }

    private bool IsIn(SpoolEntry entry)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(entry.SequenceNumber) == entry;
        }
    }

    private void SetAside(SpoolEntry entry, UtteranceLost.Types.Reason reason, string detail)
    {
        if (IsIn(entry))
        {
            Record(entry.Start, reason, detail, entry.LengthBytes);
            Forget(entry);
            MoveToQuarantine(entry.Path, detail);
            TellIfEmpty();
        }
    }

    /// <summary>It has a number and nothing else. Whether the number is used follows from whether its loss is on the disk.</summary>
    private void LoseUnwritten(UtteranceStart start, string reason)
    {
        // The loss first: while its number is the next one, nobody takes it for settled.
        var isDurable = Record(start, UtteranceLost.Types.Reason.Disk, reason, lengthBytes: 0);
        _numbers?.Skip(start.SequenceNumber);
        if (isDurable)
        {
            Keep(start.SequenceNumber);
        }
    }

    /// <returns>Whether it is durable.</returns>
    private bool Record(UtteranceStart start, UtteranceLost.Types.Reason reason, string detail, long lengthBytes, string? audioPath = null)
    {
        Interlocked.Increment(ref _lostUtterances);
        var isDurable = _ledger.Add(LossOf(start, reason, detail, lengthBytes), audioPath);
        while (_ledger.OldestBeyondTheBound() is { } oldest && _ledger.TryForget(oldest.UtteranceId, out _, out var path))
        {
            if (_gate.TryPass(nameof(LogTooManyLosses), out _))
            {
                LogTooManyLosses(_options.MaxLosses, oldest.SequenceNumber);
            }

            Settle(oldest, path);
        }

        Changed?.Invoke(null);
        return isDurable;
    }

    private static SpoolLoss LossOf(UtteranceStart start, UtteranceLost.Types.Reason reason, string detail, long lengthBytes) => new(
        start.UtteranceId, start.SequenceNumber, start.StartedAtUnixMs, start.Clock, start.Trigger, reason, LossFile.Shorten(detail), lengthBytes);

    /// <summary>Nobody needs the record any more: first its number must be known otherwise.</summary>
    private void Settle(SpoolLoss loss, string? path)
    {
        if (_ledger.LowestPendingNumber < loss.SequenceNumber || !Keep(loss.SequenceNumber))
        {
            // The record stays, if there is one, and is reported again after the next start.
            return;
        }

        if (path is not null)
        {
            DeleteFile(path);
        }
    }

    private void MakeRoom(long bytes)
    {
        while (OldestBeyondTheBound(bytes) is { } oldest)
        {
            Drop(oldest, UtteranceLost.Types.Reason.SpoolFull, "The spool was full, and this was the oldest in it.");
            if (_gate.TryPass(nameof(LogDropped), out _))
            {
                LogDropped(oldest.Id, oldest.SequenceNumber, oldest.LengthBytes / BytesPerSecond, _options.MaxBytes, LostUtterances);
            }
        }
    }

    private SpoolEntry? OldestBeyondTheBound(long bytes)
    {
        lock (_lock)
        {
            while (_bytes + _keptBytes + bytes > _options.MaxBytes && _kept.Count > 0)
            {
                DropKept_NeedsLock(_kept[0]);
            }

            if (_bytes + bytes <= _options.MaxBytes)
            {
                return null;
            }

            // What is being sent or recorded stays: the cloud is about to take it.
            foreach (var entry in _entries.Values)
            {
                if (entry.Trailer is not null && entry.TryDrop())
                {
                    return entry;
                }
            }

            return null;
        }
    }

    private void MoveToQuarantine(string path, string reason)
    {
        Interlocked.Increment(ref _quarantinedUtterances);
        try
        {
            _quarantine.Take(path);
            LogQuarantined(Path.GetFileName(path), _quarantine.Folder, reason);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogCannotQuarantine(path, reason, ex.Message);
        }
    }
}
