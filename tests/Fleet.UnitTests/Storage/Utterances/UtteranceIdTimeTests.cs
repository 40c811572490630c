using Fleet.Storage;

namespace Fleet.UnitTests.Storage.Utterances;

public sealed class UtteranceIdTimeTests
{
    [Fact]
    public void Floor_OfAMillisecond_IsBetweenTheIdsBeforeAndInIt()
    {
        DateTimeOffset time = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

        Guid floor = UtteranceIdTime.Floor(time);

        floor.ShouldBeLessThanOrEqualTo(Guid.CreateVersion7(time));
        floor.ShouldBeGreaterThan(Guid.CreateVersion7(time.AddMilliseconds(-1)));
        UtteranceIdTime.Of(floor).ShouldBe(time);
    }

    [Fact]
    public void Of_MadeId_IsItsTime()
    {
        DateTimeOffset time = new(2026, 11, 22, 18, 30, 15, 123, TimeSpan.Zero);

        UtteranceIdTime.Of(Guid.CreateVersion7(time)).ShouldBe(time);
    }

    [Fact]
    public void Ends_OfTime_DoNotOverflow()
    {
        UtteranceIdTime.Floor(DateTimeOffset.MinValue).ShouldBe(Guid.Empty);
        UtteranceIdTime.Floor(DateTimeOffset.MaxValue)
            .ShouldBeGreaterThan(Guid.CreateVersion7(new DateTimeOffset(9998, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        UtteranceIdTime.Of(Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff")).Year.ShouldBe(9999);
    }
}
