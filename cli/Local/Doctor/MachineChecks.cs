using System.Text.Json;
using Fleet.Cli.Local.Install;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Doctor;

/// <summary>What must be installed on the machine.</summary>
internal static class MachineChecks
{
    private const int NeededSdkMajor = 10;

    private static readonly string[] _processTools = ["setsid", "setpriv"];

    /// <summary>Asked where the build runs: a global.json there or above may want another SDK than the newest.</summary>
    public static async Task<Finding> SdkAsync(string root, CancellationToken cancellationToken)
    {
        const string Name = ".NET SDK";
        const string Install = "install the .NET 10 SDK: https://dot.net/download";
        var (found, lines) = await Programs.RunAsync("dotnet", ["--version"], root, cancellationToken);
        var version = lines.Count > 0 ? lines[^1].Trim() : "";
        if (!found)
        {
            return GlobalJson(root) is { } file
                ? Finding.Bad(Name, $"{file} asks for one that is not installed", $"install that one, or remove {file}")
                : Finding.Bad(Name, "dotnet is missing or does not answer", Install);
        }

        return int.TryParse(version.Split('.')[0], out var major) && major >= NeededSdkMajor
            ? Finding.Good(Name, version)
            : GlobalJson(root) is { } other
                ? Finding.Bad(Name, $"{other} chooses version {version}", $"version {NeededSdkMajor} is needed: change {other}")
                : Finding.Bad(Name, $"version {version}", Install);
    }

    public static async Task<Finding> NodeAsync(string root, CancellationToken cancellationToken)
    {
        const string Name = "Node.js and npm";
        var node = Programs.RunAsync("node", ["--version"], null, cancellationToken);
        var npm = Programs.RunAsync("npm", ["--version"], null, cancellationToken);
        if (!(await node).Succeeded || !(await npm).Succeeded)
        {
            return Finding.Bad(Name, "missing: the build fetches models and scripts with npm", "apt-get install -y nodejs npm");
        }

        var versions = $"{string.Join(' ', (await node).Lines)}, npm {string.Join(' ', (await npm).Lines)}";
        var folder = Path.Combine(root, "compat", "npm");
        if (Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            return Finding.Good(Name, $"{versions}, packages installed");
        }

        var missing = await UnavailableAsync(folder, cancellationToken);
        return missing.Count == 0
            ? Finding.Good(Name, $"{versions}, packages can be had")
            : Finding.Bad(
                Name, $"{versions}, but npm does not get {string.Join(", ", missing)}",
                "npm config get registry must name a registry that answers; or copy compat/npm/node_modules from another checkout");
    }

    public static Finding ServerUser()
    {
        var missing = _processTools.Where(program => SystemPackages.FindOnPath(program) is null).ToArray();
        if (missing.Length > 0)
        {
            return Finding.Bad("Process tools", $"missing: {string.Join(", ", missing)}", "apt-get install -y util-linux");
        }

        try
        {
            return Finding.Good("User for PostgreSQL", UnixUser.ForServers()?.Name ?? Environment.UserName);
        }
        catch (InvalidOperationException ex)
        {
            return Finding.Bad("User for PostgreSQL", ex.Message, "useradd --system postgres");
        }
    }

    public static IEnumerable<Finding> Packages() => SystemPackages.All.Select(package => Judge(
        package, UnixUser.IsRoot && SystemPackages.FindOnPath("apt-get") is not null, PostgresBinaries.TooOld()));

    /// <param name="package">What is looked for.</param>
    /// <param name="installsItself">`./fleet up` may use apt.</param>
    /// <param name="oldPostgres">A PostgreSQL that is there and too old; null = none.</param>
    internal static Finding Judge(SystemPackage package, bool installsItself, PostgresBinaries? oldPostgres)
    {
        if (package.Find() is { } place)
        {
            return Finding.Good(package.Name, place);
        }

        var text = package.Name == "postgresql" && oldPostgres is not null
            ? $"version {oldPostgres.MajorVersion} in {oldPostgres.Folder} is too old: {package.Purpose} is needed"
            : $"missing: {package.Purpose}";
        var command = SystemPackages.Command([package]);
        return package.ForTestsOnly
            ? Finding.Warning(package.Name, text, installsItself ? $"./fleet test installs it; by hand: {command}" : $"sudo sh -c '{command}'")
            : installsItself
                ? Finding.Warning(package.Name, text, $"./fleet up installs it; by hand: {command}")
                : Finding.Bad(package.Name, text, $"sudo sh -c '{command}'");
    }

    private static async Task<IReadOnlyList<string>> UnavailableAsync(string folder, CancellationToken cancellationToken)
    {
        using var package = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "package.json"), cancellationToken));
        var names = package.RootElement.GetProperty("dependencies").EnumerateObject().Select(entry => $"{entry.Name}@{entry.Value.GetString()}").ToList();
        var answers = await Task.WhenAll(names.Select(name => Programs.RunAsync("npm", ["view", name, "version"], folder, cancellationToken)));
        return [.. names.Where((_, index) => !answers[index].Succeeded || answers[index].Lines.Count == 0)];
    }

    private static string? GlobalJson(string root)
    {
        for (var folder = root; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var file = Path.Combine(folder, "global.json");
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
