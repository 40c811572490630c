using Fleet.Cli.Local.Down;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Testing;
using Npgsql;

namespace Fleet.IntegrationTests.Cli;

/// <summary>The whole product as real processes, as `./fleet up` starts them.</summary>
public sealed class UpTests : IDisposable
{
    private static readonly TimeSpan _limit = LocalFleet.Limit;
    private static readonly string[] _stopOrder = ["agents", "dashboard", "silo", "scoring", "postgres"];

    private readonly string _folder = LocalFleet.NewFolder();

    private string StateFolder => Path.Combine(_folder, "state");

    private string RunJson => Path.Combine(StateFolder, "run.json");

    private string ReadyFile => Path.Combine(_folder, "ready");

    [LocalFleetFact]
    public async Task Up_SampleSpeech_IsStoredAndInterruptStopsEveryPartInOrder()
    {
        await using var up = Start("up", "--devices", "2", "--speed", "4", "--ready-file", ReadyFile);
        await up.WaitForLineAsync("the first transcript is stored", _limit);
        await up.WaitForLineAsync(_ => File.Exists(ReadyFile), TimeSpan.FromSeconds(30), "the ready file");
        var run = RunFile.Read(RunJson).ShouldNotBeNull();

        run.State.ShouldBe(RunPhase.Running);
        run.Processes.Select(process => process.Name).ShouldBe(_stopOrder);
        run.Processes.ShouldAllBe(process => ProcessIdentity.GroupOf(process.ProcessId) == process.ProcessId);
        (await CountTranscriptsAsync(run)).ShouldBeGreaterThan(0);

        var second = Start("up");
        await using (second)
        {
            (await second.WaitForExitAsync()).ShouldBe(1);
            second.Lines.ShouldContain(line => line.Contains("./fleet down", StringComparison.Ordinal));
        }

        up.Process.Signal(UnixSignal.Interrupt);
        (await up.WaitForExitAsync(_limit)).ShouldBe(0);

        up.Lines.Where(line => line.Contains(".. stopping ", StringComparison.Ordinal)).Select(line => line.Split(' ')[^1])
            .ShouldBe(_stopOrder, $"It wrote:\n{string.Join('\n', up.Lines)}");
        Leftovers.Alive(run).ShouldBeEmpty();
        File.Exists(RunJson).ShouldBeFalse();
    }

    [LocalFleetFact]
    public async Task Down_AfterTheLauncherWasKilled_EndsWhatItLeftBehind()
    {
        await using var up = Start("up", "--devices", "0");
        await up.WaitForLineAsync("Fleet is up", _limit);
        up.Process.Signal(UnixSignal.Kill);
        await up.WaitForExitAsync();
        var run = RunFile.Read(RunJson).ShouldNotBeNull();
        Leftovers.Alive(run).Count.ShouldBe(4);

        await using var down = Start("down");

        (await down.WaitForExitAsync(_limit)).ShouldBe(0);
        Leftovers.Alive(run).ShouldBeEmpty();
        File.Exists(RunJson).ShouldBeFalse();
    }

    [LocalFleetFact]
    public async Task Up_NothingToPlay_SaysSoAndStartsNothing()
    {
        await using var up = Start("up", "--play", Path.Combine(_folder, "none"));

        (await up.WaitForExitAsync(_limit)).ShouldBe(1);

        up.Lines.ShouldContain(line => line.Contains("--play", StringComparison.Ordinal));
        File.Exists(RunJson).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<long> CountTranscriptsAsync(RunState run)
    {
        await using var connection = new NpgsqlConnection(run.Postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM utterances WHERE text <> ''", connection);
        return (long)(await command.ExecuteScalarAsync())!; // count(*) is never null
    }

    [LocalFleetFact]
    public async Task Up_StartedByAShellThatIgnoresInterrupts_HeedsThemAndStopsAHalfStartedFleet()
    {
        // `program &` in a script: the shell starts it with SIGINT ignored.
        await using var up = TestProgram.StartCommand("bash", ["-c", "trap '' INT; exec \"$@\"", "bash", "dotnet", .. LocalFleet.Arguments("up", StateFolder, "--devices", "0")]);
        await up.WaitForLineAsync("postgres  answers", _limit);
        var run = RunFile.Read(RunJson).ShouldNotBeNull();

        up.Process.Signal(UnixSignal.Interrupt);

        (await up.WaitForExitAsync(_limit)).ShouldBe(0);
        Leftovers.Alive(run).ShouldBeEmpty();
        File.Exists(RunJson).ShouldBeFalse();
    }

    private TestProgram Start(string command, params string[] arguments) => LocalFleet.Start(command, StateFolder, arguments);
}
