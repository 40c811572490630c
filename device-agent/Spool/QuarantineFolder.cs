using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.DeviceAgent.Spool;

/// <summary>Files that will never be sent, for a look. Bounded: the oldest go.</summary>
internal sealed class QuarantineFolder(ISpoolDisk disk, string folder, long maxBytes)
{
    public string Folder => folder;

    /// <exception cref="IOException">The disk fails; the file is where it was.</exception>
    public void Take(string path)
    {
        disk.CreateFolder(folder);
        Trim(LengthOf(path));
        disk.Move(path, Path.Combine(folder, Path.GetFileName(path)));
    }

    private void Trim(long incoming)
    {
        var files = disk.Files(folder).Select(path => (Path: path, Length: LengthOf(path))).ToList();
        var bytes = incoming + files.Sum(file => file.Length);
        foreach (var (path, length) in files.TakeWhile(_ => bytes > maxBytes))
        {
            bytes -= length;
            disk.Delete(path);
        }
    }

    private long LengthOf(string path)
    {
        try
        {
            using var file = disk.Open(path, forWriting: false);
            return file.Length;
        }
        catch (IOException)
        {
            // A pipe has none, and what cannot be read is to go to the others all the same.
            return 0;
        }
    }
}
