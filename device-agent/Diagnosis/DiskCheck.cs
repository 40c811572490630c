using System.Diagnostics;
using System.Globalization;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the state folder can keep what is said: writable by the agent's user, durable, and with room for the spool.</summary>
internal sealed class DiskCheck(string stateFolder, int devices, SpoolOptions spool, TimeProvider time)
{
    public const string Name = "disk";

    // Slower than this and an utterance that is flushed every second falls behind: a worn SD card, a full one, a network mount.
    private static readonly TimeSpan _slowFlush = TimeSpan.FromMilliseconds(500);

    public CheckResult Run()
    {
        // A folder that is made by the check would belong to whoever ran the check.
        var isThere = Directory.Exists(stateFolder);
        var folder = isThere ? stateFolder : ExistingParent(Path.GetFullPath(stateFolder));
        if (isThere && UnixFile.CurrentUser() is { } user && UnixFile.OwnerOf(stateFolder) is { } owner && owner != user)
        {
            var name = UnixFile.NameOf(owner);
            return CheckResult.Warning(
                Name, $"'{stateFolder}' belongs to user {name}, this check runs as {UnixFile.NameOf(user)} and cannot tell what {name} may do",
                $"run it as that user: sudo -u {name} device-agent --check …");
        }

        TimeSpan flush;
        try
        {
            flush = TryWrite(folder);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return CheckResult.No(
                Name, $"'{folder}' cannot be written ({ex.Message})",
                $"make it writable for {Environment.UserName}, free some space, or choose another --state-dir");
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var used = SpoolBytes();
        var wanted = (spool.MaxBytes * devices) - used;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"'{stateFolder}'{(isThere ? "" : " will be made")}, {Size(free)} free, spool {Size(used)} of at most {Size(spool.MaxBytes * devices)}, "
            + $"a flush takes {flush.TotalMilliseconds:0} ms");
        if (free < wanted)
        {
            return CheckResult.Warning(
                Name, $"{text}; {Size(wanted)} more may be wanted when the cloud is away",
                $"lower --spool-mib to at most {Math.Max(1, (free + used) / devices >> 20)}, or free some space");
        }

        return flush > _slowFlush
            ? CheckResult.Warning(Name, text, "the disk is slow or worn: put --state-dir on a better one")
            : CheckResult.Ok(Name, text);
    }

    /// <summary>As the spool writes: file, flush, rename, flush of the folder.</summary>
    private TimeSpan TryWrite(string folder)
    {
        var probe = Path.Combine(folder, $".check-{Guid.NewGuid():N}");
        var startedAt = time.GetTimestamp();
        try
        {
            DurableFile.Replace(probe, new byte[4096]);
            return time.GetElapsedTime(startedAt);
        }
        finally
        {
            File.Delete(probe);
            File.Delete(probe + ".new");
        }
    }

    private long SpoolBytes()
    {
        try
        {
            return Directory.Exists(stateFolder)
                ? new DirectoryInfo(stateFolder).EnumerateFiles("*", SearchOption.AllDirectories)
                    .Where(file => file.Directory?.Name == "spool").Sum(file => file.Length)
                : 0;
        }
        catch (IOException)
        {
            // The running agent deletes what is stored while this counts.
            return 0;
        }
    }

    private static string ExistingParent(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new UnreachableException("The root is always there.");
        }

        return folder;
    }

    private static string Size(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB");
}
