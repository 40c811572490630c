using System.Globalization;
using Fleet.DeviceAgent.Identity;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether an agent runs on the state folder, found out without taking its lock away from one that is just starting.</summary>
internal sealed class RunningAgentCheck(string stateFolder)
{
    public const string Name = "agent";

    /// <summary>After <see cref="Run"/>: an agent runs now.</summary>
    public bool Runs { get; private set; }

    public CheckResult Run()
    {
        var file = Path.Combine(stateFolder, StateFolder.LockFile);
        if (!File.Exists(file))
        {
            return CheckResult.Ok(Name, $"none has run on '{stateFolder}' yet");
        }

        try
        {
            // A shared lock, for an instant: an agent's own is exclusive.
            using var free = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return CheckResult.Ok(Name, $"none runs on '{stateFolder}' now");
        }
        catch (UnauthorizedAccessException)
        {
            return CheckResult.Warning(Name, $"'{file}' may not be read, so nobody knows whether one runs", "run the check as the agent's user");
        }
        catch (IOException)
        {
            Runs = true;
            return CheckResult.Ok(Name, Holder(file) is { } id ? $"runs on '{stateFolder}' (process {id})" : $"runs on '{stateFolder}'");
        }
    }

    /// <summary>The process that has the file open; null when it may not be seen.</summary>
    private static string? Holder(string file)
    {
        var path = Path.GetFullPath(file);
        foreach (var process in Directory.Exists("/proc") ? Directory.EnumerateDirectories("/proc") : [])
        {
            var id = Path.GetFileName(process);
            if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(link => new FileInfo(link).LinkTarget == path))
                {
                    return id;
                }
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
            {
                // Another user's process, or one that has just ended.
            }
        }

        return null;
    }
}
