using System.Globalization;
using Fleet.Cli.Local.Install;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Doctor;

/// <summary>What must be installed on the machine.</summary>
internal static class MachineChecks
{
    private const int NeededSdkMajor = 10;

    private static readonly string[] _processTools = ["setsid", "setpriv"];

    public static async Task<Finding> SdkAsync(CancellationToken cancellationToken)
    {
        var (found, lines) = await RunAsync("dotnet", ["--list-sdks"], cancellationToken);
        var sdk = lines.LastOrDefault(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{NeededSdkMajor}."), StringComparison.Ordinal));
        return found && sdk is not null
            ? Finding.Good(".NET SDK", sdk)
            : Finding.Bad(".NET SDK", "no SDK of version 10", "install the .NET 10 SDK: https://dot.net/download");
    }

    public static async Task<Finding> NodeAsync(CancellationToken cancellationToken)
    {
        var (node, nodeLines) = await RunAsync("node", ["--version"], cancellationToken);
        var (npm, npmLines) = await RunAsync("npm", ["--version"], cancellationToken);
        return node && npm
            ? Finding.Good("Node.js and npm", $"{string.Join(' ', nodeLines)}, npm {string.Join(' ', npmLines)}")
            : Finding.Bad("Node.js and npm", "missing: the build fetches models and scripts with npm", "apt-get install nodejs npm");
    }

    public static Finding ServerUser()
    {
        var missing = _processTools.Where(program => SystemPackages.FindOnPath(program) is null).ToArray();
        if (missing.Length > 0)
        {
            return Finding.Bad("Process tools", $"missing: {string.Join(", ", missing)}", "apt-get install util-linux");
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

    public static IEnumerable<Finding> Packages() => SystemPackages.All.Select(package => package.Find() is { } place
        ? Finding.Good(package.Name, place)
        : package.ForTestsOnly
            ? Finding.Warning(package.Name, $"missing: {package.Purpose}", SystemPackages.Command([package]))
            : Finding.Bad(package.Name, $"missing: {package.Purpose}", SystemPackages.Command([package])));

    private static async Task<(bool Succeeded, IReadOnlyList<string> Lines)> RunAsync(
        string program, string[] arguments, CancellationToken cancellationToken)
    {
        if (SystemPackages.FindOnPath(program) is not { } path)
        {
            return (false, []);
        }

        await using var process = ChildProcess.Start(new ChildProcessOptions { FileName = path, Arguments = arguments });
        try
        {
            return (await process.Exited.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken) == 0, process.LastLines);
        }
        catch (TimeoutException)
        {
            return (false, process.LastLines);
        }
    }
}
