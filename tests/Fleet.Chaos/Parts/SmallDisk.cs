using System.Diagnostics;

namespace Fleet.Chaos.Parts;

/// <summary>A file system of its own in memory for the state of one agent, which can be filled to its last byte. Only where we may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    // Enough for what some dozens of devices say during the longest outage.
    private const string Size = "96m";

    private readonly Guardian _guardian;

    private SmallDisk(string folder, Guardian guardian) => (Folder, _guardian) = (folder, guardian);

    public string Folder { get; }

    private string Filler => Path.Combine(Folder, "filler");

    /// <summary>Null where this user may not mount.</summary>
    public static SmallDisk? TryMount(string folder, Guardian guardian)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsLinux() || !TryRun("mount", "-t", "tmpfs", "-o", $"size={Size},mode=700", "fleet-chaos", folder))
        {
            return null;
        }

        guardian.Mounted(folder);
        return new SmallDisk(folder, guardian);
    }

    /// <summary>Takes all space.</summary>
    public void Fill()
    {
        using var filler = File.OpenHandle(Filler, FileMode.OpenOrCreate, FileAccess.Write);
        var block = new byte[1 << 16];
        try
        {
            // What is deleted meanwhile makes room again: the agent does that, too, and may then write that much.
            for (var at = RandomAccess.GetLength(filler); new DriveInfo(Folder).AvailableFreeSpace is var free and > 0; at += Math.Min(block.Length, free))
            {
                RandomAccess.Write(filler, block.AsSpan(0, (int)Math.Min(block.Length, free)), at);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        TryRun("umount", "-l", Folder);
        _guardian.Unmounted(Folder);
    }

    private static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
            process?.WaitForExit();
            return process is { ExitCode: 0 };
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
