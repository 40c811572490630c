using Fleet.Silo.Ingest;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class MessageBudgetTests
{
    [Fact]
    public void TryTake_AMinutesWorthAtOnce_ThenAsTheyComeDue()
    {
        var time = new FakeTimeProvider();
        var sut = new MessageBudget(120, time);

        Enumerable.Range(0, 120).ShouldAllBe(_ => sut.TryTake());
        sut.TryTake().ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(501));
        sut.TryTake().ShouldBeTrue();
        sut.TryTake().ShouldBeFalse();
        time.Advance(TimeSpan.FromHours(1));
        Enumerable.Range(0, 120).ShouldAllBe(_ => sut.TryTake());
        sut.TryTake().ShouldBeFalse();
    }
}
