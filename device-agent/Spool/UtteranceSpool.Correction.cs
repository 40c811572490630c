using System.Buffers;
using Fleet.DeviceAgent.Spool.Container;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

internal sealed partial class UtteranceSpool
{
    private const int CopyBytes = 64 * 1024;

    /// <summary>
    /// The same audio under a new id and time. Only for an utterance that is complete and was never sent. Returns the entry that takes its
    /// place, or the old one as it is when it is not complete, damaged, or the disk does not take the change.
    /// </summary>
    public SpoolEntry Correct(SpoolEntry entry, string newUtteranceId, long startedAtUnixMs, Clock clock)
    {
        if (entry.Trailer is not { } trailer || newUtteranceId == entry.Id || !Verify(entry))
        {
            return entry;
        }

        var start = entry.Start.Clone();
        start.UtteranceId = newUtteranceId;
        start.StartedAtUnixMs = startedAtUnixMs;
        start.Clock = clock;
        var path = Path.Combine(_folder, SpoolFormat.FileName(start));
        try
        {
            var corrected = Copy(entry, start, trailer, path);
            lock (_lock)
            {
                if (!_entries.TryGetValue(entry.SequenceNumber, out var known) || known != entry)
                {
                    // It went while it was copied.
                    DeleteFile(path);
                    return entry;
                }

                _entries[entry.SequenceNumber] = corrected;
                _bytes += corrected.FileBytes - entry.FileBytes;
            }

            // Its successor names it: should both be there after a power cut, it goes. Durable, lest it comes back alone.
            _disk.Delete(entry.Path);
            _disk.FlushFolder(_folder);
            return corrected;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogNotCorrected(entry.Id, ex.Message);
            return Snapshot().FirstOrDefault(known => known.SequenceNumber == entry.SequenceNumber) ?? entry;
        }
        finally
        {
            entry.CloseReader();
        }
    }

    private SpoolEntry Copy(SpoolEntry entry, UtteranceStart start, SpoolTrailer trailer, string path)
    {
        var key = _options.Encrypt ? _key ??= LoadKey() : null;
        var (header, bytes) = SpoolFormat.CreateHeader(
            start, key, _disk.BootId, entry.BornAt ?? _clock.Now, Guid.ParseExact(entry.Id, "D"));
        var keys = header.Keys(key);
        var temporary = path + Temporary;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            _disk.Delete(temporary);
            var file = _disk.Create(temporary);
            using (var writer = new ContainerWriter(file, header, keys))
            {
                file.Write(bytes, 0);
                for (long offset = 0; offset < trailer.LengthBytes;)
                {
                    var read = entry.Read(offset, buffer.AsSpan(0, CopyBytes));
                    writer.Append(buffer.AsSpan(0, read));
                    offset += read;
                }

                writer.Finish(trailer.Reason);
            }

            _disk.Move(temporary, path);
            _disk.FlushFolder(_folder);
        }
        catch
        {
            DeleteFile(temporary);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return new SpoolEntry(new SpoolContainer(_disk, header, keys), path, trailer.LengthBytes, trailer) { BornAt = entry.BornAt };
    }
}
