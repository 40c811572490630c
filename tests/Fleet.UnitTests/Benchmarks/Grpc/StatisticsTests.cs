using Fleet.Benchmarks.GrpcCalls;

namespace Fleet.UnitTests.Benchmarks.GrpcCalls;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 9.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 100 }, 3)]
    public void Median_Values_IsTheMiddleOne(double[] values, double median) => Statistics.Median(values).ShouldBe(median);

    [Fact]
    public void Median_Nothing_IsNotANumber() => Statistics.Median([]).ShouldBe(double.NaN);

    [Theory]
    [InlineData(1, 0.99, 0)]
    [InlineData(2, 0.5, 0)]
    [InlineData(100, 0.5, 49)]
    [InlineData(100, 0.99, 98)]
    [InlineData(1000, 0.99, 989)]
    [InlineData(10, 1, 9)]
    public void PercentileIndex_Count_IsTheNearestRank(int count, double share, int index) =>
        Statistics.PercentileIndex(count, share).ShouldBe(index);

    [Fact]
    public void Ratios_OfRounds_AreThoseOfTheSameRound() =>
        Statistics.Ratios([30, 10, 8], [10, 20, 4]).ShouldBe([3, 0.5, 2]);
}
