using Fleet.Cli.Keywords.Evaluation;

namespace Fleet.UnitTests.Cli.Keywords.Evaluation;

public sealed class IntervalTests
{
    // Values of R: binom.test and poisson.test.
    [Theory]
    [InlineData(0, 10, 0, 0.3084971)]
    [InlineData(5, 10, 0.1870860, 0.8129140)]
    [InlineData(10, 10, 0.6915029, 1)]
    [InlineData(1, 1000, 0.0000253, 0.0055588)]
    public void OfShare_IsClopperAndPearsons(int hits, int trials, double low, double high)
    {
        var interval = Interval.OfShare(hits, trials);

        interval.Low.ShouldBe(low, 1e-6);
        interval.High.ShouldBe(high, 1e-6);
    }

    [Theory]
    [InlineData(0, 2, 0, 1.8444397)]
    [InlineData(5, 1, 1.6234864, 11.6683320)]
    [InlineData(100, 10, 8.1363989, 12.1626625)]
    public void OfRate_IsTheExactOne(int events, double hours, double low, double high)
    {
        var interval = Interval.OfRate(events, hours);

        interval.Low.ShouldBe(low, 1e-4);
        interval.High.ShouldBe(high, 1e-4);
    }

    [Fact]
    public void Nothing_SaysNothing()
    {
        Interval.OfShare(0, 0).ShouldBe(new Interval(0, 1));
        Interval.OfRate(0, 0).High.ShouldBe(double.PositiveInfinity);
    }
}
