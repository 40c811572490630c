using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Supervision;

namespace Fleet.IntegrationTests.Cli;

/// <summary>Real processes of stand-in scripts: start, readiness, log, death and stop.</summary>
public sealed class ProgramPartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-part-").FullName;

    private string Marker => Path.Combine(_folder, "ready");

    [Fact]
    public async Task Start_ProgramThatAnswers_IsReadyAndItsOutputIsLogged()
    {
        await using var sut = CreateSut("echo hello; touch \"$1\"; sleep 300");

        await sut.StartAsync(() => { }, CancellationToken.None);
        await sut.StopAsync(CancellationToken.None);

        (await File.ReadAllTextAsync(sut.LogFile)).ShouldContain("hello");
    }

    [Fact]
    public async Task Start_ProgramThatEnds_FailsWithItsLastLines()
    {
        await using var sut = CreateSut("echo 'Fleet:Database:ConnectionString is missing' >&2; exit 1");

        var failure = await Should.ThrowAsync<PartStartException>(() => sut.StartAsync(() => { }, CancellationToken.None));

        failure.Message.ShouldContain("ended with code 1");
        failure.Message.ShouldContain("Fleet:Database:ConnectionString is missing");
        failure.Message.ShouldContain(sut.LogFile);
    }

    [Fact]
    public async Task Start_ProgramThatNeverAnswers_IsStoppedAfterItsTime()
    {
        await using var sut = CreateSut("sleep 300", TimeSpan.FromMilliseconds(300));

        var failure = await Should.ThrowAsync<PartStartException>(() => sut.StartAsync(() => { }, CancellationToken.None));

        failure.Message.ShouldContain("did not answer within");
        sut.Process.ShouldNotBeNull().Exited.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_ProgramThatIsMissing_SaysSo()
    {
        await using var sut = new ProgramPart(
            new ProgramPartOptions
            {
                Name = "missing",
                Command = new ChildProcessOptions { FileName = "/no/such/program" },
                LogFile = Path.Combine(_folder, "missing.log"),
                Probe = _ => Task.FromResult(false),
            },
            TimeProvider.System);

        var failure = await Should.ThrowAsync<PartStartException>(() => sut.StartAsync(() => { }, CancellationToken.None));

        failure.Message.ShouldContain("/no/such/program");
    }

    [Fact]
    public async Task Stop_Hurried_KillsAtOnce()
    {
        await using var sut = CreateSut("trap '' TERM; touch \"$1\"; while true; do sleep 1; done");
        await sut.StartAsync(() => { }, CancellationToken.None);
        var started = TimeProvider.System.GetTimestamp();

        var byItself = await sut.StopAsync(new CancellationToken(canceled: true));

        byItself.ShouldBeFalse();
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ProgramPart CreateSut(string script, TimeSpan? startTimeout = null) => new(
        new ProgramPartOptions
        {
            Name = "stand-in",
            Command = new ChildProcessOptions { FileName = "bash", Arguments = ["-c", script, "bash", Marker] },
            LogFile = Path.Combine(_folder, "stand-in.log"),
            Probe = _ => Task.FromResult(File.Exists(Marker)),
            ProbeInterval = TimeSpan.FromMilliseconds(10),
            StartTimeout = startTimeout ?? TimeSpan.FromSeconds(20),
            StopTimeout = TimeSpan.FromSeconds(10),
        },
        TimeProvider.System);
}
