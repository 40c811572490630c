namespace Fleet.Cli.Local.Processes;

/// <summary>Finds the programs of this build: they lie beside our own folder, one folder a project.</summary>
internal sealed class FleetPrograms
{
    public const string Scoring = "Fleet.Scoring";
    public const string Silo = "Fleet.Silo";
    public const string Dashboard = "Fleet.Dashboard";
    public const string DeviceAgent = "Fleet.DeviceAgent";

    private readonly string _bin;
    private readonly string _configuration;

    /// <param name="ownFolder">bin/Fleet.Cli/CONFIGURATION/ of the artifacts folder.</param>
    public FleetPrograms(string ownFolder)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(ownFolder)));
        _configuration = folder.Name;
        _bin = folder.Parent?.Parent?.FullName ?? folder.FullName;
        // artifacts/FLAVOUR/bin
        Flavour = Path.GetFileName(Path.GetDirectoryName(_bin)) is { Length: > 0 } name ? name : "unknown";
    }

    /// <summary>`portable`, `full`, or the switches that differ.</summary>
    public string Flavour { get; }

    /// <summary>The folder of all flavours, in which ./fleet keeps what it found out.</summary>
    public string Artifacts => Path.GetDirectoryName(Path.GetDirectoryName(_bin)) ?? _bin;

    /// <summary>The `dotnet` that runs us, so that all parts run on the same runtime.</summary>
    public static string DotNet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    public string Assembly(string project) => Path.Combine(_bin, project, _configuration, project + ".dll");

    /// <summary>The programs that were not built.</summary>
    public IReadOnlyList<string> Missing() =>
        [.. new[] { Scoring, Silo, Dashboard, DeviceAgent }.Select(Assembly).Where(path => !File.Exists(path))];

    /// <summary>How to start one of them. It runs in its own folder, where its appsettings.json is.</summary>
    public ChildProcessOptions Command(
        string project, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, Action<OutputLine>? onLine = null)
    {
        var assembly = Assembly(project);
        return new ChildProcessOptions
        {
            FileName = DotNet,
            Arguments = [assembly, .. arguments],
            WorkingDirectory = Path.GetDirectoryName(assembly),
            Environment = environment,
            OnLine = onLine,
        };
    }
}
