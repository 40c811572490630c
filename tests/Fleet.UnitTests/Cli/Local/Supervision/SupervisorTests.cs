using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Supervision;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Cli.Local.Supervision;

public sealed class SupervisorTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    private readonly List<string> _diary = [];
    private readonly RecordedEvents _events = new();

    [Fact]
    public async Task Start_Dependencies_AreAnsweredFirst()
    {
        var database = new FakePart("database", _diary);
        var silo = new FakePart("silo", _diary, "database");
        var agents = new FakePart("agents", _diary, "silo");
        await using var sut = CreateSut(database, silo, agents);

        await sut.StartAsync(CancellationToken.None).WaitAsync(_limit);

        _diary.ShouldBe(["start database", "ready database", "start silo", "ready silo", "start agents", "ready agents"]);
    }

    [Fact]
    public async Task Stop_AllRunning_GoesFromLastToFirstAndLeavesNoProcess()
    {
        FakePart[] parts = [new("database", _diary), new("scoring", _diary), new("silo", _diary), new("dashboard", _diary), new("agents", _diary)];
        await using var sut = CreateSut(parts);
        await sut.StartAsync(CancellationToken.None).WaitAsync(_limit);
        _diary.Clear();

        await sut.StopAsync(CancellationToken.None).WaitAsync(_limit);

        _diary.ShouldBe(["stop agents", "stop dashboard", "stop silo", "stop scoring", "stop database"]);
        parts.ShouldAllBe(part => part.Process!.Exited.IsCompleted);
    }

    [Fact]
    public async Task Start_OnePartFails_OthersAreGivenUpAndStopLeavesNothing()
    {
        var slow = new FakePart("slow", _diary) { Answers = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token) };
        var broken = new FakePart("broken", _diary) { Answers = _ => throw new PartStartException("broken", "it is broken") };
        var never = new FakePart("never", _diary, "broken");
        await using var sut = CreateSut(slow, broken, never);

        var failure = await Should.ThrowAsync<PartStartException>(() => sut.StartAsync(CancellationToken.None).WaitAsync(_limit));
        await sut.StopAsync(CancellationToken.None).WaitAsync(_limit);

        failure.Message.ShouldBe("it is broken");
        never.Process.ShouldBeNull();
        slow.Process!.Exited.IsCompleted.ShouldBeTrue();
        broken.Process!.Exited.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_CancelledHalfWay_StopEndsWhatWasStarted()
    {
        var slow = new FakePart("slow", _diary) { Answers = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token) };
        await using var sut = CreateSut(slow);
        using var cancel = new CancellationTokenSource();
        var start = sut.StartAsync(cancel.Token);
        await _events.WhenAsync("started slow");

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => start.WaitAsync(_limit));
        await sut.StopAsync(CancellationToken.None).WaitAsync(_limit);

        slow.Process!.Exited.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task PartDies_WhileRunning_IsStartedAgainAfterTheBackoff()
    {
        var clock = new FakeTimeProvider();
        var silo = new FakePart("silo", _diary);
        await using var sut = CreateSut(clock, silo);
        await sut.StartAsync(CancellationToken.None).WaitAsync(_limit);
        var first = silo.Process.ShouldNotBeNull();
        _events.Forget();

        first.Signal(UnixSignal.Kill);
        await _events.WhenAsync("died silo 137 1");
        await clock.WaitForTimersAsync(1);
        silo.Process.ShouldBeSameAs(first, "not before the back-off is over");
        clock.Advance(TimeSpan.FromSeconds(1));
        await _events.WhenAsync("ready silo");

        silo.Process.ShouldNotBeSameAs(first);
    }

    [Fact]
    public async Task PartDies_AgainAndAgain_BackoffGrowsUpToItsLimit()
    {
        var clock = new FakeTimeProvider();
        var silo = new FakePart("silo", _diary);
        await using var sut = CreateSut(clock, silo);
        await sut.StartAsync(CancellationToken.None).WaitAsync(_limit);

        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            _events.Forget();
            silo.Process!.Signal(UnixSignal.Kill);
            await _events.WhenAsync($"died silo 137 {seconds}");
            await clock.WaitForTimersAsync(1);
            clock.Advance(TimeSpan.FromSeconds(seconds));
            await _events.WhenAsync("ready silo");
        }
    }

    [Fact]
    public async Task PartEnds_WithSuccessWhereItMay_IsNotStartedAgain()
    {
        var agents = new FakePart("agents", _diary) { MayFinish = true, Command = ["true"] };
        await using var sut = CreateSut(agents);

        await sut.StartAsync(CancellationToken.None).WaitAsync(_limit);
        await _events.WhenAsync("finished agents");

        _diary.ShouldBe(["start agents", "ready agents"]);
    }

    [Fact]
    public async Task Stop_DuringBackoff_DoesNotStartThePartAgain()
    {
        var clock = new FakeTimeProvider();
        var silo = new FakePart("silo", _diary);
        await using var sut = CreateSut(clock, silo);
        await sut.StartAsync(CancellationToken.None).WaitAsync(_limit);
        silo.Process!.Signal(UnixSignal.Kill);
        await clock.WaitForTimersAsync(1);

        await sut.StopAsync(CancellationToken.None).WaitAsync(_limit);

        _diary.Count(entry => entry == "start silo").ShouldBe(1);
        silo.Process!.Exited.IsCompleted.ShouldBeTrue();
    }

    private Supervisor CreateSut(params FakePart[] parts) => CreateSut(TimeProvider.System, parts);

    private Supervisor CreateSut(TimeProvider clock, params FakePart[] parts) => new(parts, _events, new SupervisorOptions(), clock);
}
