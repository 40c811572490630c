using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Install;

/// <summary>Installs what is missing with apt when it may (as root), else says the exact command.</summary>
internal sealed class AptInstaller(string logFile, Narrator narrator, TimeProvider timeProvider)
{
    private const string AptGet = "apt-get";
    private const string ClusterSettings = "/etc/postgresql-common/createcluster.conf";
    private const string PackageLists = "/var/lib/apt/lists";
    private static readonly TimeSpan _freshFor = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, string?> _environment = new()
    {
        ["DEBIAN_FRONTEND"] = "noninteractive",
        ["NEEDRESTART_SUSPEND"] = "1",
        ["LC_ALL"] = "C.UTF-8",
    };

    /// <summary>True when nothing is missing (any more).</summary>
    public async Task<bool> EnsureAsync(bool forTests, CancellationToken cancellationToken)
    {
        var missing = SystemPackages.Missing(forTests);
        if (missing.Count == 0)
        {
            return true;
        }

        var names = string.Join(", ", missing.Select(package => package.Name));
        if (!UnixUser.IsRoot || SystemPackages.FindOnPath(AptGet) is null)
        {
            narrator.Bad($"missing: {names}. Install with: sudo sh -c '{SystemPackages.Command(missing)}'");
            return false;
        }

        var installed = false;
        await narrator.WithSpinnerAsync($"installing {names}", async setStatus =>
        {
            narrator.Step($"installing {names}");
            installed = await InstallAsync([.. missing.Select(package => package.Name)], setStatus, cancellationToken);
        });
        var left = SystemPackages.Missing(forTests);
        if (installed && left.Count == 0)
        {
            narrator.Good($"installed {names}");
            return true;
        }

        narrator.Bad($"apt-get did not bring {string.Join(", ", left.Select(package => package.Name))}: see {logFile}. By hand: {SystemPackages.Command(left)}");
        return false;
    }

    private async Task<bool> InstallAsync(IReadOnlyList<string> names, Action<string> setStatus, CancellationToken cancellationToken)
    {
        if (names.Contains("postgresql") && !File.Exists(ClusterSettings))
        {
            // Our cluster is private: without this the package makes one for the system and starts it.
            Directory.CreateDirectory(Path.GetDirectoryName(ClusterSettings)!); // a file in /etc has a folder
            await File.WriteAllTextAsync(ClusterSettings, "create_main_cluster = false\n", cancellationToken);
        }

        if (ListsAreOld())
        {
            await RunAsync(["update"], setStatus, cancellationToken);
        }

        string[] install = ["install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", .. names];
        return await RunAsync(install, setStatus, cancellationToken)
            || (await RunAsync(["update"], setStatus, cancellationToken) && await RunAsync(install, setStatus, cancellationToken));
    }

    private bool ListsAreOld() =>
        !Directory.Exists(PackageLists)
        || !Directory.EnumerateFiles(PackageLists, "*_Packages*")
            .Any(file => timeProvider.GetUtcNow() - File.GetLastWriteTimeUtc(file) < _freshFor);

    private async Task<bool> RunAsync(string[] arguments, Action<string> setStatus, CancellationToken cancellationToken)
    {
        await using var apt = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = AptGet,
            Arguments = arguments,
            Environment = _environment,
            OnLine = line =>
            {
                File.AppendAllText(logFile, line.Text + "\n");
                setStatus($"apt-get: {line.Text}");
            },
        });
        // SIGTERM, not SIGKILL: dpkg must not be left half way through a package.
        using var stop = cancellationToken.Register(() => apt.Signal(UnixSignal.Terminate));
        var exitCode = await apt.Exited;
        cancellationToken.ThrowIfCancellationRequested();
        return exitCode == 0;
    }
}
