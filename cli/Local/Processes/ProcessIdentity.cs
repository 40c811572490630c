using System.Globalization;

namespace Fleet.Cli.Local.Processes;

/// <summary>
/// A process that can be recognised later: ids are reused by the kernel, an id with its start time is not.
/// </summary>
/// <param name="ProcessId">Process id; also the id of the process group, since each part is started with setsid.</param>
/// <param name="StartTicks">Start time in clock ticks since boot, field 22 of /proc/PID/stat.</param>
public sealed record ProcessIdentity(int ProcessId, long StartTicks)
{
    /// <summary>The process that has this id now, or null.</summary>
    public static ProcessIdentity? Of(int processId) =>
        ReadStat(processId) is { } stat ? new ProcessIdentity(processId, long.Parse(stat.Fields[19], CultureInfo.InvariantCulture)) : null;

    /// <summary>True while this very process runs; one that has ended and waits for its parent (a zombie) does not.</summary>
    public bool IsAlive() =>
        ReadStat(ProcessId) is { } stat
        && stat.Fields[0] is not ("Z" or "X")
        && long.Parse(stat.Fields[19], CultureInfo.InvariantCulture) == StartTicks;

    /// <summary>The process group of a process, or its own id when it is gone.</summary>
    internal static int GroupOf(int processId) =>
        ReadStat(processId) is { } stat ? int.Parse(stat.Fields[2], CultureInfo.InvariantCulture) : processId;

    /// <summary>The processes that <paramref name="parentId"/> started and that still run.</summary>
    internal static IReadOnlyList<ProcessIdentity> ChildrenOf(int parentId)
    {
        var parent = parentId.ToString(CultureInfo.InvariantCulture);
        var children = new List<ProcessIdentity>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ReadStat(id) is { } stat && stat.Fields[1] == parent)
            {
                children.Add(new ProcessIdentity(id, long.Parse(stat.Fields[19], CultureInfo.InvariantCulture)));
            }
        }

        return children;
    }

    /// <summary>The command line with spaces between its arguments; empty when the process is gone.</summary>
    internal static string CommandLineOf(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cmdline")).Replace('\0', ' ').TrimEnd();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static Stat? ReadStat(int processId)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            // The name, in brackets, may itself hold brackets and spaces: what counts starts after the last one.
            return new Stat(text[(text.LastIndexOf(')') + 2)..].Split(' '));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Field 3 of proc(5) comes first: state, parent, group, …; the start time is number 19 from there.
    private sealed record Stat(string[] Fields);
}
