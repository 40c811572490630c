using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.Testing;

/// <summary>The whole product as real processes, started as `./fleet up` starts it, with a state folder of its own.</summary>
public sealed class LocalFleet : IAsyncDisposable
{
    /// <summary>Start, first transcript and stop each take a few seconds; two busy cores may need more.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _folder;
    private RunState _run = null!; // Set by StartAsync.

    private LocalFleet(string folder, TestProgram up) => (_folder, Up) = (folder, up);

    /// <summary>The launcher; it prints the transcripts as they arrive.</summary>
    public TestProgram Up { get; }

    public Uri Dashboard => new(_run.Addresses.Dashboard);

    public string Password => _run.SignIn.Password ?? throw new InvalidOperationException("run.json has no password.");

    /// <summary>Starts a fleet and waits for its first transcript.</summary>
    public static async Task<LocalFleet> StartAsync(params string[] options)
    {
        var folder = NewFolder();
        var fleet = new LocalFleet(folder, Start("up", StateOf(folder), options));
        await fleet.Up.WaitForLineAsync("the first transcript is stored", Limit);
        fleet._run = RunFile.Read(Path.Combine(StateOf(folder), "run.json")) ?? throw new InvalidOperationException("The fleet is up without a run.json.");
        return fleet;
    }

    /// <summary>Runs `fleet-cli local COMMAND` for a state folder.</summary>
    public static TestProgram Start(string command, string stateFolder, params string[] options) =>
        TestProgram.StartCommand("dotnet", Arguments(command, stateFolder, options));

    public static IReadOnlyList<string> Arguments(string command, string stateFolder, params string[] options) =>
    [
        RepositoryPaths.Program("Fleet.Cli", "fleet-cli"), "local", command, .. options, "--root", RepositoryPaths.Root, "--state-dir", stateFolder,
    ];

    /// <summary>A new folder that the database server, another user, can pass.</summary>
    public static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-up-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }

        return folder;
    }

    /// <summary>Kills a part as a crash would; the launcher starts it again.</summary>
    public void Kill(string part)
    {
        var process = RunFile.Read(Path.Combine(StateOf(_folder), "run.json"))!.Processes.Single(process => process.Name == part); // It runs: there is one.
        using var killed = System.Diagnostics.Process.GetProcessById(process.ProcessId);
        killed.Kill();
    }

    /// <summary>Ctrl-C, and the end of it.</summary>
    public Task<int> InterruptAsync()
    {
        Up.Process.Signal(UnixSignal.Interrupt);
        return Up.WaitForExitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Up.Process.Exited.IsCompleted)
        {
            await InterruptAsync();
        }

        await Up.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string StateOf(string folder) => Path.Combine(folder, "state");
}
