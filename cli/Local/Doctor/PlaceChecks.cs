using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Whether the folders and what is in them are as a start needs them.</summary>
internal sealed class PlaceChecks(LocalPaths paths, FleetPrograms programs)
{
    // Build outputs and npm files take about 1.7 GB; a database that plays samples grows by 2 MB a minute of speech.
    private const long ToBuildBytes = 2_500_000_000;
    private const long ToRunBytes = 500_000_000;

    private static readonly string[] _networkTypes = ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs", "ceph"];

    // MSBuild reads these in a path as something else.
    private static readonly char[] _unbuildable = [';', '%', '*', '?', '\n'];

    /// <summary>Can files of ours lie there, and keep their modes? Tried, not guessed from the kind of file system.</summary>
    public Finding StateFolder()
    {
        const string Name = "State folder";
        string[] rootOwned = [];
        try
        {
            if (!OperatingSystem.IsWindows() && UnixUser.IsRoot && Directory.Exists(paths.StateFolder) && LibC.OwnerOf(paths.StateFolder) is { } owner and not 0)
            {
                rootOwned = [string.Create(CultureInfo.InvariantCulture, $"{paths.StateFolder} belongs to user id {owner}")];
            }

            paths.Create();
            var probe = Path.Combine(paths.StateFolder, $"probe.{Guid.NewGuid():N}");
            PrivateFile.Write(probe, "");
            var mode = OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(probe);
            File.Delete(probe);
            if (mode != (UnixFileMode.UserRead | UnixFileMode.UserWrite))
            {
                return Finding.Bad(
                    Name, $"{paths.StateFolder} lies on a file system that does not keep modes, so secrets would be open and PostgreSQL refuses it",
                    "put it elsewhere with --state-dir (in WSL: below the home folder, not /mnt/c)");
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return Finding.Bad(Name, ex.Message, $"make {paths.StateFolder} writable for {Environment.UserName} (chown), or choose another --state-dir");
        }

        return rootOwned.Length > 0
            ? Finding.Warning(Name, $"{rootOwned[0]}, and what root makes in it that user cannot change", "run ./fleet as that user")
            : Finding.Good(Name, $"{paths.StateFolder}, database in {paths.PostgresFolder()}");
    }

    public Finding FileSystem(MountTable mounts)
    {
        const string Name = "File system";
        if (paths.Root.IndexOfAny(_unbuildable) >= 0)
        {
            return Finding.Bad(Name, $"the path {paths.Root} has a character that the build cannot take ({string.Join(' ', _unbuildable.Where(paths.Root.Contains))})", "move the checkout");
        }

        var mount = mounts.Of(paths.Root);
        if (mount?.Options.Contains("noexec") == true)
        {
            return Finding.Bad(Name, $"{mount.Folder} is mounted noexec, so what is built there cannot be loaded", $"mount -o remount,exec {mount.Folder}, or move the checkout");
        }

        var database = mounts.Of(paths.PostgresFolder());
        return database is not null && _networkTypes.Contains(database.Type)
            ? Finding.Warning(Name, $"the database would lie on {database.Type} ({database.Folder}), where PostgreSQL may lose what it has committed", "put it on a local disk with --state-dir")
            : Finding.Good(Name, $"{mount?.Type ?? "unknown"}, database on {database?.Type ?? "unknown"}");
    }

    public Finding Disk()
    {
        var isBuilt = programs.Missing().Count == 0;
        var needed = isBuilt ? ToRunBytes : ToBuildBytes;
        var tightest = new[] { paths.Root, paths.PostgresFolder() }
            .Select(ExistingParent)
            .Select(folder => (Folder: folder, Free: new DriveInfo(folder).AvailableFreeSpace))
            .MinBy(place => place.Free);
        return Disk(tightest.Folder, tightest.Free, needed, isBuilt);
    }

    internal static Finding Disk(string folder, long free, long needed, bool isBuilt)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB free at {folder}, {needed / 1e9:0.0} needed to {(isBuilt ? "run" : "build and run")}");
        return free >= needed
            ? Finding.Good("Disk", text)
            : Finding.Bad("Disk", text, "free some, or put the state elsewhere with --state-dir and the build with FLEET_ARTIFACTS");
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
