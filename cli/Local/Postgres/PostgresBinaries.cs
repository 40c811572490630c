using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Cli.Local.Postgres;

/// <summary>A folder with PostgreSQL's server programs, 15 or later.</summary>
public sealed partial record PostgresBinaries(string Folder, int MajorVersion)
{
    public const int OldestMajorVersion = 15;

    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>What to tell a person when nothing was found.</summary>
    public const string Remedy = "PostgreSQL server 15 or later was not found on PATH or in /usr/lib/postgresql/*/bin: install it (apt-get install postgresql).";

    public string InitDb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>The newest version on this machine, or null. With <paramref name="majorVersion"/>: that one, as an existing cluster needs it.</summary>
    public static PostgresBinaries? Find(int? majorVersion = null) =>
        Candidates()
            .Where(binaries => binaries.MajorVersion >= OldestMajorVersion)
            .Where(binaries => majorVersion is null || binaries.MajorVersion == majorVersion)
            .MaxBy(binaries => binaries.MajorVersion);

    /// <summary>The newest of those that are too old to be used; null when there is none.</summary>
    internal static PostgresBinaries? TooOld() =>
        Candidates().Where(binaries => binaries.MajorVersion < OldestMajorVersion).MaxBy(binaries => binaries.MajorVersion);

    private static IEnumerable<PostgresBinaries> Candidates()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (Directory.Exists(DebianRoot))
        {
            folders = [.. folders, .. Directory.GetDirectories(DebianRoot).Select(folder => Path.Combine(folder, "bin"))];
        }

        foreach (var folder in folders.Distinct())
        {
            if (File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"))
                && VersionOf(folder) is { } version)
            {
                yield return new PostgresBinaries(folder, version);
            }
        }
    }

    private static int? VersionOf(string folder)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(Path.Combine(folder, "postgres"), ["--version"]) { RedirectStandardOutput = true });
        var match = VersionPattern().Match(process?.StandardOutput.ReadToEnd() ?? "");
        return match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
