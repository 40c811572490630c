using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Cli.Local.Processes;
using Fleet.Testing;

namespace Fleet.BrowserTests;

/// <summary>The built dashboard as a process on a free port, started from a folder that is not its own.</summary>
public sealed partial class DashboardProgram : IAsyncDisposable
{
    private readonly TestProgram _program;
    private readonly bool _ownsFolder;

    private DashboardProgram(TestProgram program, Uri address, string folder, bool ownsFolder)
    {
        _program = program;
        _ownsFolder = ownsFolder;
        Address = address;
        Folder = folder;
    }

    public Uri Address { get; }

    public string Folder { get; }

    public string Password { get; private set; } = "";

    public string Log => string.Join('\n', _program.Lines);

    /// <param name="connectionString">Where its database is.</param>
    /// <param name="sharing">A dashboard that runs: its password and its sign-ins hold for the new one as well.</param>
    /// <param name="heartbeatSeconds">How often a stream in which nothing happens says that it is there.</param>
    /// <param name="silo">Where the silo is; default: nobody answers.</param>
    public static async Task<DashboardProgram> StartAsync(
        string connectionString, DashboardProgram? sharing = null, int heartbeatSeconds = 15, Uri? silo = null)
    {
        var folder = sharing?.Folder ?? Directory.CreateTempSubdirectory("fleet-dashboard-").FullName;
        var password = sharing?.Password ?? await NewPasswordAsync(folder);
        var program = TestProgram.Start(
            "Fleet.Dashboard",
            environment: new Dictionary<string, string?>
            {
                ["DOTNET_ENVIRONMENT"] = null,
                ["ASPNETCORE_ENVIRONMENT"] = null,
                ["Fleet__Dashboard__Listen"] = "127.0.0.1:0",
                ["Fleet__Dashboard__PasswordFile"] = Path.Combine(folder, "password"),
                ["Fleet__Dashboard__KeysFolder"] = Path.Combine(folder, "keys"),
                ["Fleet__Dashboard__Live__HeartbeatSeconds"] = heartbeatSeconds.ToString(CultureInfo.InvariantCulture),
                ["Fleet__Database__ConnectionString"] = connectionString,
                ["Fleet__Api__Address"] = silo?.ToString() ?? "http://127.0.0.1:9", // Discard: nobody answers there.
                ["Fleet__Api__TimeoutMilliseconds"] = "10000",
            },
            workingDirectory: "/");
        var line = await program.WaitForLineAsync("Now listening on:");
        return new DashboardProgram(program, new Uri(ListeningOn().Match(line).Value), folder, ownsFolder: sharing is null) { Password = password };
    }

    /// <summary>Holds the process: its connections stay open, and nothing comes.</summary>
    public void Freeze() => _program.Process.Signal(UnixSignal.Stop);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => _program.Process.Signal(UnixSignal.Continue);

    /// <summary>Sets another password while the program runs.</summary>
    public async Task ChangePasswordAsync() => Password = await NewPasswordAsync(Folder);

    public async ValueTask DisposeAsync()
    {
        (await _program.StopAsync()).ShouldBe(0, Log);
        await _program.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static async Task<string> NewPasswordAsync(string folder)
    {
        await using var command = TestProgram.Start("Fleet.Dashboard", ["password", "--file", Path.Combine(folder, "password")]);
        (await command.WaitForExitAsync()).ShouldBe(0);
        return command.Lines.ShouldHaveSingleItem();
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex ListeningOn();
}
