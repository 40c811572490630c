using Fleet.DeviceAgent.Spool.Container;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>An utterance without a trailer: how much of it is what was said, and its end.</summary>
internal static class TornUtterance
{
    /// <summary>
    /// Length of the audio that can be trusted; 0 = none was flushed, null = what was flushed has changed. After a power cut a file may be as
    /// long as it was and have anything in what was not flushed, so only what a mark vouches for counts; as long as the machine has not
    /// booted since, all that was written counts.
    /// </summary>
    public static long? AudioLength(ISpoolFile file, SpoolContainer container, IReadOnlyList<SpoolMark> marks)
    {
        var header = container.Header;
        var available = Math.Max(0, file.Length - header.Length);
        if (header.Version == 1)
        {
            Span<byte> tail = stackalloc byte[SpoolFormatV1.TrailerLength];
            tail = tail[..(int)Math.Min(tail.Length, available)];
            var read = DurableFile.ReadFully(file, tail, file.Length - tail.Length);
            return SpoolFormatV1.TornAudioLength(available, tail[..read]);
        }

        var within = marks.Where(mark => mark.LengthBytes <= available).ToList();
        var good = NewestThatFits(file, container, within);
        if (good is { IsEnd: true })
        {
            return good.Value.LengthBytes;
        }

        if (header.BootId != Guid.Empty && header.BootId == container.Disk.BootId)
        {
            return within.Count > 0 && good != within[0] ? null : available & ~1L;
        }

        if (good is { } mark)
        {
            return mark.LengthBytes & ~1L;
        }

        // The older of two marks was durable before the newer was written: so the file was cut by something else than a power cut, and what is
        // left of it was not altered by that. One alone may have been on its way.
        return marks.Count == 0 ? 0 : within.Count == 0 && marks.Count == SpoolFormat.Marks ? available & ~1L : null;
    }

    /// <summary>Gives it its end. On a full disk that is not written: it can be sent as it is, and that makes room.</summary>
    public static SpoolEntry Close(ISpoolFile file, string path, SpoolContainer container, long audioLength)
    {
        var header = container.Header;
        using var digest = ContainerReader.Digest(file, header, container.Keys, audioLength);
        var trailer = new SpoolTrailer(audioLength, digest.Crc32C, UtteranceEnd.Types.Reason.Truncated);
        Span<byte> bytes = stackalloc byte[SpoolFormat.TrailerLength];
        bytes = bytes[..header.TrailerLength];
        if (header.Version == 1)
        {
            SpoolFormatV1.WriteTrailer(bytes, trailer);
        }
        else
        {
            ContainerWriter.WriteTrailer(bytes, trailer, digest, container.Keys);
        }

        try
        {
            using var writing = container.Disk.Open(path, forWriting: true);

            // The audio first, as ever: a trailer means that all of it is on the disk.
            writing.Flush();
            writing.Write(bytes, header.Length + audioLength);
            writing.SetLength(header.Length + audioLength + bytes.Length);
            writing.Flush();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Said above. It was looked at just now, so that nobody needs to compare it with a trailer that it has not.
        }

        return new SpoolEntry(container, path, audioLength, trailer);
    }

    private static SpoolMark? NewestThatFits(ISpoolFile file, SpoolContainer container, List<SpoolMark> newestFirst)
    {
        if (newestFirst.Count == 0)
        {
            return null;
        }

        var found = new List<SpoolMark>();
        var stops = newestFirst.Select(mark => mark.LengthBytes).Distinct().Order().ToList();
        using (ContainerReader.Digest(file, container.Header, container.Keys, stops[^1], stops, found.Add))
        {
            foreach (var mark in newestFirst)
            {
                if (found.Contains(mark with { IsEnd = false }))
                {
                    return mark;
                }
            }

            return null;
        }
    }
}
