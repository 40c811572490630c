using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Whether the programs are built, from these sources, and what the package feed allows.</summary>
internal sealed class BuildChecks(LocalPaths paths, FleetPrograms programs)
{
    private const string FeedName = "Package feed";

    private static readonly TimeSpan _restorePatience = TimeSpan.FromMinutes(3);
    private static readonly string[] _stamps = ["built-Fleet.Programs.slnf", "built-Fleet.sln"];
    private static readonly string[] _left = [".git", ".fleet", "artifacts", "node_modules", "TestResults", "bin", "obj", "docs", "samples", "lib"];
    private static readonly string[] _sources = [".cs", ".razor", ".proto", ".csproj", ".props", ".targets", ".sql", ".css", ".js"];

    public Finding Built(bool fleetRuns)
    {
        var missing = programs.Missing();
        if (missing.Count > 0)
        {
            return Finding.Warning(
                "Build", $"not built ({programs.Flavour} flavour): {string.Join(", ", missing.Select(Path.GetFileNameWithoutExtension))}", "./fleet up builds them");
        }

        var built = missing.Count == 0 ? File.GetLastWriteTimeUtc(StampFile() ?? programs.Assembly(FleetPrograms.Silo)) : default;
        var newest = Sources(new DirectoryInfo(paths.Root)).MaxBy(file => file.LastWriteTimeUtc);
        if (newest is null || newest.LastWriteTimeUtc <= built)
        {
            return Finding.Good("Build", $"{programs.Flavour} flavour, up to date");
        }

        var name = Path.GetRelativePath(paths.Root, newest.FullName);
        return fleetRuns
            ? Finding.Warning("Build", $"older than {name}, and a fleet runs from it", "./fleet down, then ./fleet up builds anew")
            : Finding.Good("Build", $"{programs.Flavour} flavour, older than {name}: the next start builds anew");
    }

    /// <summary>What ./fleet has found out about the feed; when it has not asked yet, it is asked now.</summary>
    public async Task<Finding> FeedAsync(CancellationToken cancellationToken)
    {
        var kept = Path.Combine(programs.Artifacts, "flavour");
        if (File.Exists(kept) && await File.ReadAllLinesAsync(kept, cancellationToken) is [_, var flavour, var why, ..])
        {
            return Finding.Good(FeedName, $"{flavour} flavour ({why})");
        }

        var project = Path.Combine(paths.Root, "compat", "FeedTrial", "FeedTrial.csproj");
        if (!File.Exists(project))
        {
            return Finding.Warning(FeedName, $"{project} is missing, so what the feed allows cannot be tried", "restore the file: git checkout compat/FeedTrial");
        }

        var (full, lines) = await Programs.RunAsync("dotnet", ["restore", project, "-p:FullFeed=true"], paths.Root, cancellationToken, _restorePatience);
        return JudgeTrial(full, lines);
    }

    internal static Finding JudgeTrial(bool full, IReadOnlyList<string> lines)
    {
        if (full)
        {
            return Finding.Good(FeedName, "full flavour (a trial restore got all packages)");
        }

        var fault = lines.FirstOrDefault(line => line.Contains("error NU", StringComparison.Ordinal)) ?? (lines.Count > 0 ? lines[^1] : "no answer");
        var text = fault[(Math.Max(0, fault.IndexOf("error ", StringComparison.Ordinal)))..].Split(" [")[0];
        return fault.Contains("NU1301", StringComparison.Ordinal)
            ? Finding.Warning(FeedName, $"does not answer ({text})", "what is built runs; to build: dotnet nuget list source must name a feed that answers")
            : Finding.Good(FeedName, $"portable flavour, since the feed does not allow the full one ({text})");
    }

    private string? StampFile() => _stamps
        .Select(name => Path.Combine(programs.Artifacts, programs.Flavour, name))
        .Where(File.Exists)
        .MaxBy(File.GetLastWriteTimeUtc);

    private static IEnumerable<FileInfo> Sources(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => _sources.Contains(file.Extension))
            .Concat(folder.EnumerateDirectories().Where(child => !_left.Contains(child.Name) && child.LinkTarget is null).SelectMany(Sources));
}
