using Fleet.Cli.Output;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Cli.Output;

public sealed class SlowNoticeTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => _errors.Dispose();

    [Fact]
    public async Task While_DoneWithinTwoSeconds_SaysNothing()
    {
        (await new SlowNotice(_errors, isTerminal: false, _time).WhileAsync(Task.FromResult(7), () => "waiting")).ShouldBe(7);

        _errors.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task While_LongInALog_SaysALineAfterTwoSecondsAndThenEachQuarterOfAMinute()
    {
        TaskCompletionSource<int> work = new();
        var watched = new SlowNotice(_errors, isTerminal: false, _time).WhileAsync(work.Task, () => "3 of 9");

        await _time.WaitForTimersAsync(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _time.WaitForTimersAsync(1);
        _time.Advance(TimeSpan.FromSeconds(15));
        await _time.WaitForTimersAsync(1);
        work.SetResult(7);

        (await watched).ShouldBe(7);
        _errors.ToString().ShouldBe("3 of 9 (2 s)\n3 of 9 (17 s)\n");
    }

    [Fact]
    public async Task While_LongOnATerminal_ChangesOneLineAndWipesIt()
    {
        TaskCompletionSource<int> work = new();
        var watched = new SlowNotice(_errors, isTerminal: true, _time).WhileAsync(work.Task, () => "busy");

        await _time.WaitForTimersAsync(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _time.WaitForTimersAsync(1);
        work.SetException(new InvalidOperationException("broke"));

        await Should.ThrowAsync<InvalidOperationException>(() => watched);
        _errors.ToString().ShouldBe("\rbusy (2 s)\r          \r");
    }
}
