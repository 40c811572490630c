using System.Security.Cryptography;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.State;

/// <summary>Where a local fleet keeps what it makes: one folder (`.fleet`), and the database elsewhere when it has to.</summary>
internal sealed record LocalPaths
{
    // Others may pass through to the database, which belongs to another user when we are root, but may not look around.
    private const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    internal LocalPaths(string root, string stateFolder)
    {
        Root = Path.GetFullPath(root);
        StateFolder = Path.GetFullPath(stateFolder, Root);
    }

    /// <summary>The checkout.</summary>
    public string Root { get; }

    public string StateFolder { get; }

    public string RunFile => Path.Combine(StateFolder, "run.json");

    /// <summary>Locked as long as a launcher runs; the kernel unlocks it however the launcher ends.</summary>
    public string LockFile => Path.Combine(StateFolder, "lock");

    /// <summary>Names this fleet's database where it lies outside the state folder: without the folder, or in a new one, it is another fleet.</summary>
    public string FleetIdFile => Path.Combine(StateFolder, "fleet-id");

    public string PortsFile => Path.Combine(StateFolder, "ports.json");

    public string Logs => Path.Combine(StateFolder, "logs");

    public string SecretsFolder => Path.Combine(StateFolder, "secrets");

    public string Agents => Path.Combine(StateFolder, "agents");

    public string DashboardKeys => Path.Combine(StateFolder, "dashboard-keys");

    public string Samples => Path.Combine(Root, "samples");

    public string LogFile(string part) => Path.Combine(Logs, part + ".log");

    /// <summary>Makes the folders; all but the way to the database are for our user alone.</summary>
    public void Create()
    {
        PrivateFile.CreateFolder(StateFolder);
        if (!OperatingSystem.IsWindows() && UnixUser.IsRoot)
        {
            File.SetUnixFileMode(StateFolder, PassThrough);
        }

        foreach (var folder in new[] { Logs, SecretsFolder, Agents, DashboardKeys })
        {
            PrivateFile.CreateFolder(folder);
        }

        if (!File.Exists(FleetIdFile))
        {
            PrivateFile.Write(FleetIdFile, RandomNumberGenerator.GetHexString(16, lowercase: true) + "\n");
        }
    }

    /// <summary>
    /// The folder of the PostgreSQL cluster: in the state folder, or in /var/lib/fleet when the server's user cannot get there (a checkout below
    /// /root). Call <see cref="Create"/> first.
    /// </summary>
    public string PostgresFolder()
    {
        if (UnixUser.ForServers() is not { } user || user.CanReach(StateFolder))
        {
            return Path.Combine(StateFolder, "postgres");
        }

        var id = File.Exists(FleetIdFile) ? File.ReadAllText(FleetIdFile).Trim() : "(named at the first start)";
        return Path.Combine("/var/lib/fleet", id, "postgres");
    }
}
