using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

internal sealed partial class UtteranceSpool
{
    private const string Temporary = ".new";

    /// <summary>Where the utterances of a device lie.</summary>
    public static string FolderIn(string stateFolder) => Path.Combine(stateFolder, "spool");

    /// <summary>Reads what an earlier run left: complete utterances are sent again, torn ones are closed where they end.</summary>
    /// <param name="stateFolder">Of the device; the spool's folders are in it.</param>
    /// <param name="options">Bounds and encryption.</param>
    /// <param name="time">For ages and for flushing.</param>
    /// <param name="logger">Of the device.</param>
    /// <param name="recovery">What was found.</param>
    /// <param name="numbers">The install's; without them no number is kept or given back.</param>
    /// <param name="disk">The machine's own when null.</param>
    /// <param name="machineSerial">The machine's own when null.</param>
    /// <exception cref="InvalidDataException">The key that was given is not the spool's; the message says what to do.</exception>
    /// <exception cref="IOException">The folders cannot be made or read.</exception>
    /// <exception cref="UnauthorizedAccessException">They belong to another user.</exception>
    public static UtteranceSpool Open(
        string stateFolder,
        SpoolOptions options,
        TimeProvider time,
        ILogger logger,
        out SpoolRecovery recovery,
        ISequenceNumbers? numbers = null,
        ISpoolDisk? disk = null,
        string? machineSerial = null)
    {
        var spool = new UtteranceSpool(
            stateFolder, options, time, logger, numbers, disk ?? LocalDisk.Instance, machineSerial ?? MachineSerial.Read());
        recovery = spool.Recover();
        return spool;
    }

    private SpoolRecovery Recover()
    {
        DurableFile.CreateFolder(_disk, _folder);
        DeleteTemporaryFiles();
        _ledger.Load();
        _key = LoadKeyAtStart();
        var highestLost = Losses.Select(loss => loss.SequenceNumber).DefaultIfEmpty().Max();
        var recovery = SpoolRecovery.Read(_disk, _folder, _key, _numbers?.NextSequenceNumber ?? 0, highestLost);
        RefuseOtherKey(recovery);
        var replaced = recovery.Entries.Select(entry => entry.Container!.Header.Replaces).Where(id => id != Guid.Empty) // read from a file
            .Select(id => id.ToString("D")).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in recovery.Entries)
        {
            Add(entry, replaced);
        }

        foreach (var finding in recovery.Damaged)
        {
            TakeDamaged(finding, replaced);
        }

        if (recovery.HighestSequenceNumber > 0 && !Keep(recovery.HighestSequenceNumber))
        {
            LogNumbersNotKept(_stateFolder);
        }

        SettleEmpty(recovery);
        LoadKept();
        if (Count > 0)
        {
            LogRecovered(Count, _bytes);
        }

        if (_ledger.LowestNumber is not null)
        {
            LogLossesWait(Losses.Count);
        }

        MakeRoom(0);
        return recovery;
    }

    private void DeleteTemporaryFiles()
    {
        foreach (var path in _disk.Files(_folder).Where(path => path.EndsWith(Temporary, StringComparison.Ordinal)))
        {
            DeleteFile(path);
        }
    }

    /// <summary>A disk that does not take a new key takes no utterance either; that is said when there is one.</summary>
    private SpoolKey? LoadKeyAtStart()
    {
        try
        {
            return _options.Encrypt || _options.KeyFile is not null || _disk.Exists(Path.Combine(_stateFolder, SpoolKey.FileName)) ? LoadKey() : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogNoKey(ex.Message);
            return null;
        }
    }

    /// <summary>A file that the owner gives can be the wrong one; the spool must not pay for that.</summary>
    private void RefuseOtherKey(SpoolRecovery recovery)
    {
        var others = recovery.Damaged.Count(finding => finding.IsOtherKey);
        if (others > 0 && _options.KeyFile is { } file)
        {
            throw new InvalidDataException(
                $"--spool-key-file '{file}' is not the key of {others} utterances in '{_folder}'. Give the one they were written with; " +
                $"to lose them instead, move '{_folder}' away.");
        }
    }

    private void Add(SpoolEntry entry, HashSet<string> replaced)
    {
        if (replaced.Contains(entry.Id) || _ledger.Contains(entry.Id))
        {
            // It has a new id, or its loss is on record and the power went before it did.
            DeleteFile(entry.Path);
            return;
        }

        if (!_entries.TryAdd(entry.SequenceNumber, entry))
        {
            TakeDamaged(new SpoolFinding(entry.Path, "its sequence number is that of another utterance in the spool", entry.Start), replaced);
            return;
        }

        if (entry.BornAt > _clock.Now)
        {
            // The clock's file is older than the utterance, or lost.
            entry.BornAt = _clock.Now;
        }

        _bytes += entry.FileBytes;
        if (entry.Trailer?.Reason == UtteranceEnd.Types.Reason.Truncated)
        {
            LogTruncated(entry.Id, entry.LengthBytes / BytesPerSecond);
        }
    }

    private void TakeDamaged(SpoolFinding finding, HashSet<string> replaced)
    {
        if (finding.Start is { } start)
        {
            if (replaced.Contains(start.UtteranceId))
            {
                DeleteFile(finding.Path);
                return;
            }

            // A copy under another name: told as a loss, the cloud would refuse the good one.
            if (!_entries.Values.Any(entry => entry.Id == start.UtteranceId))
            {
                Record(start, UtteranceLost.Types.Reason.Damaged, finding.Reason, lengthBytes: 0);
            }
        }

        MoveToQuarantine(finding.Path, finding.Reason);
    }

    /// <summary>
    /// An utterance without audio was announced, and the cloud may even have it when the disk had failed: its number is not given again.
    /// </summary>
    private void SettleEmpty(SpoolRecovery recovery)
    {
        foreach (var finding in recovery.Empty)
        {
            // What is empty has a header, and so a start message.
            var start = finding.Start!;
            _ledger.Add(
                LossOf(start, UtteranceLost.Types.Reason.Disk, "None of its audio had reached the disk when the agent ended.", lengthBytes: 0),
                finding.Path);
            DeleteFile(finding.Path);
        }

        foreach (var path in recovery.NeverBegun)
        {
            DeleteFile(path);
        }

        if (recovery.NeverBegun.Count > 0)
        {
            // Should they come back after a power cut, their numbers would belong to others.
            TryFlushFolder();
        }
    }

    private void TryFlushFolder()
    {
        try
        {
            _disk.FlushFolder(_folder);
        }
        catch (IOException ex)
        {
            LogCannotDelete(_folder, ex.Message);
        }
    }

    private static bool IsComplete(SpoolEntry entry) => entry.Trailer is not null;
}
