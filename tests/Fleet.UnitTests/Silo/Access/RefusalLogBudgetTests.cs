using Fleet.Silo.Access;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Silo.Access;

public sealed class RefusalLogBudgetTests
{
    [Fact]
    public void TryTake_AThousandInAMinute_LogsThirtyAndCountsTheRest()
    {
        var time = new FakeTimeProvider();
        var sut = new RefusalLogBudget(time);

        Enumerable.Range(0, 1_000).Count(_ => sut.TryTake(out var unlogged)).ShouldBe(30);
        time.Advance(TimeSpan.FromMinutes(1));

        sut.TryTake(out var missed).ShouldBeTrue();
        missed.ShouldBe(970);
        sut.TryTake(out missed).ShouldBeTrue();
        missed.ShouldBe(0);
    }
}
