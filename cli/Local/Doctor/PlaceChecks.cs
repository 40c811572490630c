using System.Globalization;
using Fleet.Cli.Local.Down;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Whether the folders, the disk and the ports are as a start needs them, and what runs now.</summary>
internal sealed class PlaceChecks(LocalPaths paths, FleetPrograms programs)
{
    // Build outputs and npm files are about 1.5 GB; a database that plays samples grows by 2 MB a minute of speech.
    private const long NeededBytes = 2L * 1024 * 1024 * 1024;

    public Finding Built() => programs.Missing() is { Count: > 0 } missing
        ? Finding.Warning("Build", $"{missing.Count} programs are not built ({programs.Flavour} flavour)", "./fleet up builds them")
        : Finding.Good("Build", $"{programs.Flavour} flavour");

    public Finding StateFolder()
    {
        try
        {
            paths.Create();
            var probe = Path.Combine(paths.StateFolder, $"probe.{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return Finding.Bad("State folder", ex.Message, $"make {paths.StateFolder} writable for {Environment.UserName}");
        }

        return Finding.Good("State folder", $"{paths.StateFolder}, database in {paths.PostgresFolder()}");
    }

    /// <summary>Secrets that others may read are no secrets.</summary>
    public Finding Secrets()
    {
        if (!Directory.Exists(paths.SecretsFolder))
        {
            return Finding.Good("Secrets", "none yet");
        }

        var open = Directory.GetFiles(paths.SecretsFolder).Append(paths.SecretsFolder)
            .Where(IsOpen)
            .ToArray();
        return open.Length == 0
            ? Finding.Good("Secrets", paths.SecretsFolder)
            : Finding.Bad("Secrets", $"others may read {string.Join(", ", open)}", $"chmod -R go= {paths.SecretsFolder}");
    }

    public Finding Disk()
    {
        var places = new[] { paths.Root, paths.PostgresFolder() }
            .Select(ExistingParent)
            .Select(folder => (Folder: folder, Free: new DriveInfo(folder).AvailableFreeSpace))
            .ToArray();
        var tightest = places.MinBy(place => place.Free);
        var text = string.Create(CultureInfo.InvariantCulture, $"{tightest.Free / 1e9:0.0} GB free at {tightest.Folder}");
        return tightest.Free >= NeededBytes
            ? Finding.Good("Disk", text)
            : Finding.Bad("Disk", text, "free at least 2 GB, or put the state elsewhere with --state-dir");
    }

    public static Finding Run(RunState? state)
    {
        if (state is null)
        {
            return Finding.Good("Running", "no fleet runs");
        }

        if (Leftovers.Identity(state.Launcher).IsAlive())
        {
            return Finding.Good("Running", $"yes, dashboard at {state.Addresses.Dashboard}, {Leftovers.Alive(state).Count} parts");
        }

        var left = Leftovers.Alive(state);
        return Finding.Warning(
            "Running",
            left.Count == 0 ? "the last launcher was killed" : $"the last launcher was killed and left {string.Join(", ", left.Select(process => process.Name))}",
            "./fleet down");
    }

    public Finding Ports(RunState? state)
    {
        if (state is not null && Leftovers.Identity(state.Launcher).IsAlive())
        {
            return Finding.Good("Ports", "in use by the fleet that runs");
        }

        var wanted = LocalPorts.Load(paths.PortsFile) ?? LocalPorts.Defaults;
        var taken = new[] { wanted.Dashboard, wanted.Grpc, wanted.Health, wanted.Scoring, wanted.Postgres }
            .Where(port => !FreePort.IsFree(port))
            .Select(port => port.ToString(CultureInfo.InvariantCulture))
            .ToArray();
        return taken.Length == 0
            ? Finding.Good("Ports", "free")
            : Finding.Good("Ports", $"taken: {string.Join(", ", taken)}; others are chosen at the start");
    }

    private static bool IsOpen(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
    }

    private static string ExistingParent(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder) ?? "/";
        }

        return folder;
    }
}
