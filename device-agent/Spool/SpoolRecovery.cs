using System.Buffers;
using Fleet.V1;
using Microsoft.Win32.SafeHandles;

namespace Fleet.DeviceAgent.Spool;

/// <summary>What an earlier run left in the spool folder.</summary>
internal sealed class SpoolRecovery
{
    private const int ReadBytes = 64 * 1024;

    private readonly List<SpoolEntry> _entries = [];
    private readonly List<(string Path, string Reason)> _corrupt = [];

    private SpoolRecovery()
    {
    }

    /// <summary>To be sent, oldest first.</summary>
    public IReadOnlyList<SpoolEntry> Entries => _entries;

    public IReadOnlyList<(string Path, string Reason)> Corrupt => _corrupt;

    /// <summary>
    /// Number of the utterance that was begun without a single sample on disk; the next utterance takes it over. 0 = none.
    /// </summary>
    public ulong UnusedSequenceNumber { get; private set; }

    public static SpoolRecovery Read(string folder)
    {
        var recovery = new SpoolRecovery();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + SpoolFormat.Extension).Order(StringComparer.Ordinal))
        {
            try
            {
                recovery.ReadFile(path);
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
            {
                recovery._corrupt.Add((path, ex.Message));
            }
        }

        return recovery;
    }

    public static uint ChecksumOf(SpoolEntry entry)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            var crc = new Crc32C();
            for (long offset = 0; offset < entry.LengthBytes;)
            {
                var read = entry.Read(offset, buffer.AsSpan(0, ReadBytes));
                crc.Append(buffer.AsSpan(0, read));
                offset += read;
            }

            return crc.Value;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadFile(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var length = RandomAccess.GetLength(file);
        var head = new byte[Math.Min(length, SpoolFormat.LongestHeader)];
        var read = RandomAccess.Read(file, head, 0);
        switch (SpoolFormat.ReadHeader(head.AsSpan(0, read), out var start, out var headerLength))
        {
            case SpoolHeaderRead.Corrupt:
                _corrupt.Add((path, "its header is damaged"));
                return;
            case SpoolHeaderRead.Torn:
                File.Delete(path);
                return;
        }

        // The header is valid, so there is a start message.
        if (!Guid.TryParseExact(start!.UtteranceId, "D", out _) || Path.GetFileName(path) != SpoolFormat.FileName(start))
        {
            _corrupt.Add((path, "its name does not fit its header"));
            return;
        }

        var tail = new byte[Math.Min(SpoolFormat.TrailerLength, length - headerLength)];
        read = RandomAccess.Read(file, tail, length - tail.Length);
        if (SpoolFormat.TryReadTrailer(tail.AsSpan(0, read), out var trailer))
        {
            if (trailer.LengthBytes != length - headerLength - SpoolFormat.TrailerLength)
            {
                _corrupt.Add((path, "its length does not fit its trailer"));
                return;
            }

            _entries.Add(new SpoolEntry(start, path, headerLength, trailer.LengthBytes, trailer, isVerified: false));
            return;
        }

        CloseTorn(path, file, start, headerLength, SpoolFormat.TornAudioLength(length - headerLength, tail.AsSpan(0, read)));
    }

    private void CloseTorn(string path, SafeFileHandle file, UtteranceStart start, int headerLength, long audioLength)
    {
        if (audioLength == 0)
        {
            UnusedSequenceNumber = start.SequenceNumber;
            File.Delete(path);
            return;
        }

        var torn = new SpoolEntry(start, path, headerLength, audioLength);
        var trailer = new SpoolTrailer(audioLength, ChecksumOf(torn), UtteranceEnd.Types.Reason.Truncated);
        torn.CloseReader();
        Span<byte> bytes = stackalloc byte[SpoolFormat.TrailerLength];
        SpoolFormat.WriteTrailer(bytes, trailer);
        try
        {
            RandomAccess.Write(file, bytes, headerLength + audioLength);
            RandomAccess.SetLength(file, headerLength + audioLength + SpoolFormat.TrailerLength);
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException)
        {
            // The disk is full, perhaps with this very utterance. It can be sent as it is, and that makes room.
        }

        torn.OnCompleted(trailer);
        _entries.Add(torn);
    }
}
