using System.Globalization;
using System.Text;

namespace Fleet.Cli.Local.Doctor;

/// <summary>What the machine has to give: memory, disk, files, watches, a clock that is set.</summary>
internal static class ResourceChecks
{
    // Measured on two cores with 8 devices: scoring 290 MB, dashboard 180, silo 135, agents 130, PostgreSQL 100.
    private const long WantedMemory = 1_200_000_000;
    private const long LeastMemory = 600_000_000;

    // Measured with 8 devices: the silo has 266 files open, the agents 160; each device opens 5 in the agents' process and 1 or 2 in the silo.
    private const int FilesAtRest = 300;
    private const int FilesPerDevice = 6;

    // PostgreSQL shares memory between the workers of one query there.
    private const long LeastSharedMemory = 16_000_000;

    // Each program of .NET watches its settings; a fleet has four, a build has more.
    private const int WantedWatchers = 8;

    private static readonly DateTimeOffset _release = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Finding Memory() => Memory(File.ReadLines("/proc/meminfo"), ReadNumber("/sys/fs/cgroup/memory.max"), ReadNumber("/sys/fs/cgroup/memory.current"));

    /// <param name="memInfo">Lines of /proc/meminfo.</param>
    /// <param name="limit">What a container may use; null = no limit.</param>
    /// <param name="used">What it uses now.</param>
    internal static Finding Memory(IEnumerable<string> memInfo, long? limit, long? used)
    {
        var line = memInfo.FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var available = line is null ? long.MaxValue : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        if (limit is { } most)
        {
            available = Math.Min(available, most - (used ?? 0));
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{available / 1e9:0.0} GB free, a fleet takes about {WantedMemory / 1e9:0.0}");
        const string Mend = "end other programs, or give the container or the machine more memory";
        return available >= WantedMemory ? Finding.Good("Memory", text)
            : available >= LeastMemory ? Finding.Warning("Memory", text, Mend) : Finding.Bad("Memory", text, Mend);
    }

    public static Finding SharedMemory(string folder = "/dev/shm")
    {
        const string Mend = "mount -t tmpfs -o size=64m tmpfs /dev/shm (docker run --shm-size=64m)";
        if (!Directory.Exists(folder))
        {
            return Finding.Warning("Shared memory", $"{folder} is missing: PostgreSQL then uses slower ways, a database made elsewhere does not start", Mend);
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / 1e6:0} MB free in {folder}");
        return free >= LeastSharedMemory
            ? Finding.Good("Shared memory", text)
            : Finding.Warning("Shared memory", text + ", searches of PostgreSQL may fail", Mend);
    }

    public static Finding OpenFiles(int devices) => OpenFiles(devices, File.ReadLines("/proc/self/limits"));

    internal static Finding OpenFiles(int devices, IEnumerable<string> limits)
    {
        // .NET raises the soft limit to the hard one by itself.
        var line = limits.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var hard = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        var wanted = FilesAtRest + (FilesPerDevice * devices);
        var text = string.Create(CultureInfo.InvariantCulture, $"{hard ?? "no limit"}, {devices} devices want {wanted}");
        return hard is null or "unlimited" || long.Parse(hard, CultureInfo.InvariantCulture) >= wanted
            ? Finding.Good("Open files", text)
            : Finding.Bad("Open files", text, string.Create(CultureInfo.InvariantCulture, $"ulimit -Hn {wanted} (as root, or in /etc/security/limits.conf), or fewer --devices"));
    }

    /// <summary>Makes some watches, since the limit is for all programs of the user together.</summary>
    public static Finding Watches() => Watches(static folder => new FileSystemWatcher(folder) { EnableRaisingEvents = true });

    internal static Finding Watches(Func<string, IDisposable> watch)
    {
        var watchers = new List<IDisposable>();
        var folder = Directory.CreateTempSubdirectory("fleet-doctor-");
        try
        {
            while (watchers.Count < WantedWatchers)
            {
                watchers.Add(watch(folder.FullName));
            }

            return Finding.Good("File watches", "to be had");
        }
        catch (IOException ex)
        {
            return Finding.Bad(
                "File watches", string.Create(CultureInfo.InvariantCulture, $"number {watchers.Count + 1} of {WantedWatchers} is refused ({ex.Message})"),
                "sysctl fs.inotify.max_user_instances=512 (keep it in /etc/sysctl.d/)");
        }
        finally
        {
            watchers.ForEach(watcher => watcher.Dispose());
            folder.Delete(recursive: true);
        }
    }

    public static Finding Temporary() => Temporary(Path.GetTempPath());

    internal static Finding Temporary(string folder)
    {
        // .NET makes unix sockets there (dotnet-diagnostic-PID-TIME-socket); a path of theirs has at most 107 bytes.
        const int LongestFolder = 60;
        try
        {
            var probe = Path.Combine(folder, $"fleet-doctor-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return Finding.Bad("Temporary files", $"{folder} cannot be written ({ex.Message})", "set TMPDIR to a folder that can, or mend the mode of /tmp: chmod 1777 /tmp");
        }

        return Encoding.UTF8.GetByteCount(folder) > LongestFolder
            ? Finding.Warning("Temporary files", $"{folder} is too long for the sockets that .NET makes in it", "set TMPDIR to a shorter path")
            : Finding.Good("Temporary files", folder);
    }

    public static Finding Clock(DateTimeOffset now) => now >= _release
        ? Finding.Good("Clock", string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:u}"))
        : Finding.Bad(
            "Clock", string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:u}, before Fleet was made: certificates and utterances would be refused"),
            "set it: timedatectl set-ntp true");

    /// <summary>Programs of a fleet talk by HTTP on loopback, where a proxy is never right.</summary>
    public static Finding Proxies(System.Net.IWebProxy proxy)
    {
        var address = new Uri("http://127.0.0.1:5001/");
        return proxy.IsBypassed(address) || proxy.GetProxy(address) is not { } through || through == address
            ? Finding.Good("HTTP proxy", "none for 127.0.0.1")
            : Finding.Bad("HTTP proxy", $"{through.Authority} would get what is meant for 127.0.0.1", "export NO_PROXY=localhost,127.0.0.1,::1");
    }

    public static async Task<Finding> LocaleAsync(CancellationToken cancellationToken)
    {
        var (succeeded, lines) = await Programs.RunAsync("locale", ["-a"], null, cancellationToken);
        return Locale(succeeded ? lines : null, Console.OutputEncoding);
    }

    /// <param name="installed">What <c>locale -a</c> says; null when there is no such program.</param>
    /// <param name="terminal">As .NET read LC_ALL and LANG.</param>
    internal static Finding Locale(IReadOnlyList<string>? installed, Encoding terminal)
    {
        if (installed is not null && !installed.Any(name => name.Trim() is "C.UTF-8" or "C.utf8"))
        {
            return Finding.Bad("Locale", "C.UTF-8, in which the database is made, is not installed", "apt-get install -y locales (or glibc-langpack-en)");
        }

        return terminal is UTF8Encoding || terminal.WebName is "utf-8" or "us-ascii"
            ? Finding.Good("Locale", "C.UTF-8")
            : Finding.Warning("Locale", $"the terminal is said to take {terminal.WebName}: transcripts may look wrong", "export LC_ALL=C.UTF-8");
    }

    private static long? ReadNumber(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
