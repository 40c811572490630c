using Fleet.Silo.Transcription;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Silo.Transcription.Batching;

public sealed class RetryBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TrySpend_EveryCallFails_GivesATenthOfTheCalls()
    {
        var sut = CreateSut();
        var extra = 0;

        for (var i = 0; i < 1_000; i++)
        {
            sut.OnFirstCall();
            extra += sut.TrySpend() ? 1 : 0;
        }

        extra.ShouldBeInRange(99, 102);
    }

    [Fact]
    public void TrySpend_NoCalls_GivesOneWithTimeAndNoHoard()
    {
        var sut = CreateSut();
        sut.TrySpend().ShouldBeTrue();
        sut.TrySpend().ShouldBeFalse();
        sut.UntilNext.ShouldBe(TimeSpan.FromSeconds(10));

        _time.Advance(TimeSpan.FromHours(1));

        sut.TrySpend().ShouldBeTrue();
        sut.TrySpend().ShouldBeFalse();
    }

    [Fact]
    public void Hoard_OfAGoodDay_IsBounded()
    {
        var sut = CreateSut();
        for (var i = 0; i < 10_000; i++)
        {
            sut.OnFirstCall();
        }

        Enumerable.Range(0, 100).Count(_ => sut.TrySpend()).ShouldBe(10);
    }

    private RetryBudget CreateSut() => new(0.1, TimeSpan.FromSeconds(10), _time);
}
