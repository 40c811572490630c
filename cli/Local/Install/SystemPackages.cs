using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Cli.Local.Postgres;

namespace Fleet.Cli.Local.Install;

/// <summary>The one list of what a machine needs besides .NET and Node.js: `up` and `test` install from it, `doctor` reports by it.</summary>
internal static class SystemPackages
{
    private const string PocketSphinxLibrary = "libpocketsphinx.so.3";
    private const string PocketSphinxModel = "/usr/share/pocketsphinx/model/en-us/en-us";

    public static IReadOnlyList<SystemPackage> All { get; } =
    [
        new("postgresql", "PostgreSQL server 15 or later", ForTestsOnly: false, FindPostgres),
        new("libpocketsphinx3", "PocketSphinx library", ForTestsOnly: false, FindLibrary),
        new("pocketsphinx-en-us", "PocketSphinx model", ForTestsOnly: false, () => Directory.Exists(PocketSphinxModel) ? PocketSphinxModel : null),
        new("chromium", "Chromium for the browser tests", ForTestsOnly: true, () => FindOnPath("chromium")),
        new("alsa-utils", "arecord for the tests of the microphone", ForTestsOnly: true, () => FindOnPath("arecord")),
        new("shellcheck", "shellcheck for the test of the scripts", ForTestsOnly: true, () => FindOnPath("shellcheck")),
    ];

    public static IReadOnlyList<SystemPackage> Missing(bool forTests) =>
        [.. All.Where(package => (forTests || !package.ForTestsOnly) && package.Find() is null)];

    /// <summary>What a person types to get them.</summary>
    public static string Command(IEnumerable<SystemPackage> packages) =>
        $"apt-get update && apt-get install -y --no-install-recommends {string.Join(' ', packages.Select(package => package.Name))}";

    public static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static string? FindPostgres() => PostgresBinaries.Find() is { } binaries
        ? string.Create(CultureInfo.InvariantCulture, $"{binaries.MajorVersion} in {binaries.Folder}")
        : null;

    private static string? FindLibrary()
    {
        if (!NativeLibrary.TryLoad(PocketSphinxLibrary, out var handle))
        {
            return null;
        }

        NativeLibrary.Free(handle);
        return PocketSphinxLibrary;
    }
}
