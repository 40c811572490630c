using System.Buffers;
using Fleet.DeviceAgent.Spool.Container;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.DeviceAgent.Spool.Losses;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>What an earlier run left in the spool folder. Only torn utterances are changed by reading it: they are closed.</summary>
internal sealed class SpoolRecovery
{
    private readonly ISpoolDisk _disk;
    private readonly SpoolKey? _key;
    private readonly ulong _nextSequenceNumber;
    private readonly List<SpoolEntry> _entries = [];
    private readonly List<SpoolFinding> _damaged = [];
    private readonly List<SpoolFinding> _empty = [];
    private readonly List<string> _neverBegun = [];

    private SpoolRecovery(ISpoolDisk disk, SpoolKey? key, ulong nextSequenceNumber)
    {
        _disk = disk;
        _key = key;
        _nextSequenceNumber = nextSequenceNumber;
    }

    /// <summary>To be sent, oldest first.</summary>
    public IReadOnlyList<SpoolEntry> Entries => _entries;

    /// <summary>What cannot be sent.</summary>
    public IReadOnlyList<SpoolFinding> Damaged => _damaged;

    /// <summary>Begun, but none of their audio has reached the disk.</summary>
    public IReadOnlyList<SpoolFinding> Empty => _empty;

    /// <summary>Files that were being made when the agent ended: they have no number.</summary>
    public IReadOnlyList<string> NeverBegun => _neverBegun;

    /// <summary>The highest number that was found, whatever became of the utterance; 0 = none.</summary>
    public ulong HighestSequenceNumber { get; private set; }

    /// <param name="disk">Where the folder is.</param>
    /// <param name="folder">The spool.</param>
    /// <param name="key">Of the spool; null: what is encrypted cannot be read.</param>
    /// <param name="nextSequenceNumber">As the install has kept it: a file with a lower number was begun for sure. 0 = not known.</param>
    /// <param name="highestLost">The highest number among the losses.</param>
    /// <exception cref="UnauthorizedAccessException">The files belong to another user.</exception>
    public static SpoolRecovery Read(ISpoolDisk disk, string folder, SpoolKey? key, ulong nextSequenceNumber, ulong highestLost)
    {
        var recovery = new SpoolRecovery(disk, key, nextSequenceNumber) { HighestSequenceNumber = highestLost };
        foreach (var path in disk.Files(folder).Where(path => path.EndsWith(SpoolFormat.Extension, StringComparison.Ordinal)))
        {
            try
            {
                recovery.ReadFile(path);
            }
            catch (IOException ex)
            {
                recovery.AddDamaged(path, null, ex.Message);
            }
        }

        return recovery;
    }

    /// <summary>A complete utterance in a file, whatever the file is called; null when it is none.</summary>
    public static SpoolEntry? TryOpen(ISpoolDisk disk, string path, SpoolKey? key)
    {
        var reader = new SpoolRecovery(disk, key, 0);
        try
        {
            using var file = disk.Open(path, forWriting: false);
            return reader.ReadHeader(file, out var header, out _) == SpoolHeaderRead.Valid
                && reader.ReadTrailer(file, header!) is { } trailer // a valid one was read
                && trailer.LengthBytes == file.Length - header!.Length - header.TrailerLength
                    ? new SpoolEntry(new SpoolContainer(disk, header, header.Keys(key)), path, trailer.LengthBytes, trailer, isVerified: false)
                    : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How many utterances were encrypted with another key than this. Only reads.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    public static int CountOfOtherKeys(ISpoolDisk disk, string folder, SpoolKey? key, out int total)
    {
        var reader = new SpoolRecovery(disk, key, 0);
        var (count, others) = (0, 0);
        foreach (var path in disk.Files(folder).Where(path => path.EndsWith(SpoolFormat.Extension, StringComparison.Ordinal)))
        {
            try
            {
                using var file = disk.Open(path, forWriting: false);
                count++;
                others += reader.ReadHeader(file, out _, out _) == SpoolHeaderRead.OtherKey ? 1 : 0;
            }
            catch (FileNotFoundException)
            {
                // The running agent has sent it meanwhile.
            }
        }

        total = count;
        return others;
    }

    private void ReadFile(string path)
    {
        using var file = _disk.Open(path, forWriting: false);
        var read = ReadHeader(file, out var header, out var marks);
        var length = file.Length;
        if (header is null)
        {
            AddUnreadable(path, read);
            return;
        }

        // A header that can be read has a start message.
        var start = header.Start;
        HighestSequenceNumber = Math.Max(HighestSequenceNumber, start.SequenceNumber);
        if (read == SpoolHeaderRead.OtherKey)
        {
            AddDamaged(path, start, "it was encrypted with another key than the agent has now", isOtherKey: true);
            return;
        }

        if (start.SequenceNumber == 0 || !Guid.TryParseExact(start.UtteranceId, "D", out _) || Path.GetFileName(path) != SpoolFormat.FileName(start))
        {
            AddDamaged(path, start.SequenceNumber == 0 ? null : start, "its name does not fit its header");
            return;
        }

        var container = new SpoolContainer(_disk, header, header.Keys(_key));
        if (ReadTrailer(file, header) is { } trailer)
        {
            if (trailer.LengthBytes != length - header.Length - header.TrailerLength)
            {
                AddDamaged(path, start, "its length does not fit its trailer");
                return;
            }

            _entries.Add(new SpoolEntry(container, path, trailer.LengthBytes, trailer, isVerified: false));
            return;
        }

        switch (TornUtterance.AudioLength(file, container, marks))
        {
            case null:
                AddDamaged(path, start, "its audio does not fit the checksum that was flushed with it");
                break;
            case 0:
                _empty.Add(new SpoolFinding(path, "", start));
                break;
            case { } audioLength:
                _entries.Add(TornUtterance.Close(file, path, container, audioLength));
                break;
        }
    }

    private SpoolHeaderRead ReadHeader(ISpoolFile file, out SpoolHeader? header, out IReadOnlyList<SpoolMark> marks)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SpoolFormat.LongestHeader);
        try
        {
            var head = buffer.AsSpan(0, DurableFile.ReadFully(file, buffer.AsSpan(0, SpoolFormat.LongestHeader), 0));
            var read = SpoolFormat.ReadHeader(head, _key, out header);
            marks = read == SpoolHeaderRead.Valid ? SpoolFormat.ReadMarks(head, header!) : []; // a valid one was read
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private SpoolTrailer? ReadTrailer(ISpoolFile file, SpoolHeader header)
    {
        Span<byte> tail = stackalloc byte[SpoolFormat.TrailerLength];
        tail = tail[..header.TrailerLength];
        var offset = file.Length - tail.Length;
        if (offset < header.Length || DurableFile.ReadFully(file, tail, offset) < tail.Length)
        {
            return null;
        }

        var isThere = header.Version == 1
            ? SpoolFormatV1.TryReadTrailer(tail, out var trailer)
            : SpoolFormat.TryReadTrailer(tail, header.Keys(_key), out trailer);
        return isThere ? trailer : null;
    }

    private void AddUnreadable(string path, SpoolHeaderRead read)
    {
        // The file is durable before its number is used: what was cut before that was never announced to anybody.
        var isNamed = LossFile.TryReadNumberAndId(Path.GetFileName(path), out var number, out _);
        if (read == SpoolHeaderRead.Torn && isNamed && number >= _nextSequenceNumber)
        {
            _neverBegun.Add(path);
            return;
        }

        AddDamaged(path, null, read == SpoolHeaderRead.Torn ? "it ends within its header" : "its header is damaged");
    }

    private void AddDamaged(string path, UtteranceStart? start, string reason, bool isOtherKey = false)
    {
        if (start is null && LossFile.TryReadNumberAndId(Path.GetFileName(path), out var number, out var id))
        {
            start = new UtteranceStart { SequenceNumber = number, UtteranceId = id, StartedAtUnixMs = LossFile.TimeOf(id) };
        }

        HighestSequenceNumber = Math.Max(HighestSequenceNumber, start?.SequenceNumber ?? 0);
        _damaged.Add(new SpoolFinding(path, reason, start, isOtherKey));
    }
}
