using System.Text.RegularExpressions;

namespace Fleet.Cli.Local.Doctor;

/// <summary>What the kernel says about the file system on which a folder lies (proc(5), mountinfo).</summary>
internal sealed partial class MountTable(IReadOnlyList<Mount> mounts)
{
    public static MountTable Read()
    {
        try
        {
            return Parse(File.ReadLines("/proc/self/mountinfo"));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return new MountTable([]);
        }
    }

    internal static MountTable Parse(IEnumerable<string> lines)
    {
        var mounts = new List<Mount>();
        foreach (var line in lines)
        {
            // 36 35 98:0 /root /mount/point rw,noexec master:1 - ext3 /dev/sda rw,errors=continue
            var halves = line.Split(" - ", 2);
            var (front, back) = (halves[0].Split(' '), halves[^1].Split(' '));
            if (halves.Length == 2 && front.Length > 5)
            {
                mounts.Add(new Mount(Unescape(front[4]), back[0], front[5].Split(',')));
            }
        }

        return new MountTable(mounts);
    }

    /// <summary>The mount that a folder lies on; null when nothing is known.</summary>
    public Mount? Of(string folder) => mounts
        .Where(mount => folder == mount.Folder || folder.StartsWith(mount.Folder.TrimEnd('/') + '/', StringComparison.Ordinal))
        .MaxBy(mount => mount.Folder.Length); // the last of equals would be the visible one; nobody mounts twice on one folder here

    private static string Unescape(string text) =>
        OctalPattern().Replace(text, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex OctalPattern();
}
