using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.DeviceAgent.Spool;

/// <summary>Small files that are still whole after a power cut.</summary>
internal static class DurableFile
{
    /// <summary>The file has the old or the new content, never a part of it; the new one is durable when this returns.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Replace(LocalDisk.Instance, path, content);

    public static void Replace(ISpoolDisk disk, string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        disk.Delete(temporary);
        using (var file = disk.Create(temporary))
        {
            file.Write(content, 0);
            file.Flush();
        }

        disk.Move(temporary, path);
        disk.FlushFolder(FolderOf(path));
    }

    /// <summary>The folder is there, and still is after a power cut.</summary>
    public static void CreateFolder(ISpoolDisk disk, string path)
    {
        if (disk.CreateFolder(path))
        {
            disk.FlushFolder(FolderOf(path));
        }
    }

    /// <summary>All of a small file.</summary>
    /// <exception cref="IOException">It is not there, cannot be read or is larger than <paramref name="maxLength"/>.</exception>
    public static byte[] Read(ISpoolDisk disk, string path, int maxLength)
    {
        using var file = disk.Open(path, forWriting: false);
        var length = file.Length;
        if (length > maxLength)
        {
            throw new IOException($"'{path}' has {length} bytes; at most {maxLength} were expected.");
        }

        var content = new byte[length];
        return content[..ReadFully(file, content, 0)];
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    public static int ReadFully(ISpoolFile file, Span<byte> buffer, long offset)
    {
        var read = 0;
        while (read < buffer.Length)
        {
            var count = file.Read(buffer[read..], offset + read);
            if (count == 0)
            {
                break;
            }

            read += count;
        }

        return read;
    }

    // A full path of a file has a folder.
    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
