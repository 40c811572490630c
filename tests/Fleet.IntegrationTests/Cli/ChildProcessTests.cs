using Fleet.Cli.Local.Processes;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Cli;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Stop_ProgramThatIgnoresTheSignal_IsKilledWithItsWholeGroup()
    {
        await using var sut = TestProgram.StartCommand("bash", ["-c", "trap '' TERM; sleep 300 & echo \"child $!\"; while true; do wait; done"]);
        var child = ProcessIdentity.Of(int.Parse((await sut.WaitForLineAsync("child")).Split(' ')[1])).ShouldNotBeNull();

        var byItself = await sut.Process.StopAsync(UnixSignal.Terminate, TimeSpan.FromMilliseconds(300), CancellationToken.None);

        byItself.ShouldBeFalse();
        sut.Process.Identity.IsAlive().ShouldBeFalse();
        await ShouldEndAsync(child);
    }

    [Fact]
    public async Task Stop_GracefulProgramThatLeavesAHelper_HelperGoesToo()
    {
        await using var sut = TestProgram.StartCommand("bash", ["-c", "sleep 300 & echo \"child $!\"; trap 'exit 0' TERM; wait"]);
        var child = ProcessIdentity.Of(int.Parse((await sut.WaitForLineAsync("child")).Split(' ')[1])).ShouldNotBeNull();

        (await sut.Process.StopAsync(UnixSignal.Terminate, TimeSpan.FromSeconds(10), CancellationToken.None)).ShouldBeTrue();

        await ShouldEndAsync(child);
    }

    [Fact]
    public async Task Start_InItsOwnSession_LeadsAProcessGroup()
    {
        await using var sut = TestProgram.StartCommand("sleep", ["300"]);
        // setsid makes the group and then becomes the program: after the change of name both have happened.
        var deadline = TimeProvider.System.GetTimestamp();
        while (!ProcessIdentity.CommandLineOf(sut.Process.ProcessId).StartsWith("sleep", StringComparison.Ordinal)
            && TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(10))
        {
            await Task.Yield();
        }

        ProcessIdentity.GroupOf(sut.Process.ProcessId).ShouldBe(sut.Process.ProcessId);
        ProcessIdentity.GroupOf(Environment.ProcessId).ShouldNotBe(sut.Process.ProcessId);
    }

    [Fact]
    public async Task Exited_KilledProgram_HasTheSignalInItsCode()
    {
        await using var sut = TestProgram.StartCommand("sleep", ["300"]);

        sut.Process.Signal(UnixSignal.Kill);

        (await sut.WaitForExitAsync()).ShouldBe(128 + 9);
    }

    [Fact]
    public async Task WaitForLine_ThatNeverComes_SaysWhatCameInstead()
    {
        await using var sut = TestProgram.StartCommand("echo", ["something else"]);

        var failure = await Should.ThrowAsync<TimeoutException>(() => sut.WaitForLineAsync("the right thing"));

        failure.Message.ShouldContain("something else");
        failure.Message.ShouldContain("the right thing");
    }

    /// <summary>A helper is another's child: between the kill and the end of its entry nobody can wait for it.</summary>
    private static async Task ShouldEndAsync(ProcessIdentity helper)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (helper.IsAlive())
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
