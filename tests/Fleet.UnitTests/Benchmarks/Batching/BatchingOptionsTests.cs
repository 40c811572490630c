using Fleet.Benchmarks;
using Fleet.Benchmarks.Batching;

namespace Fleet.UnitTests.Benchmarks.Batching;

public sealed class BatchingOptionsTests
{
    [Fact]
    public void Parse_Nothing_GoesFromTenToAHundredAndFiftyPercent()
    {
        var options = BatchingOptions.Parse([]);

        options.Loads.Min().ShouldBe(0.1);
        options.Loads.Max().ShouldBe(1.5);
        options.PocketSphinx.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--parallel", "0")]
    [InlineData("--seconds", "0")]
    [InlineData("--load", "2000")]
    public void Parse_OutOfBounds_NamesTheOptionAndItsBounds(string name, string value) =>
        Should.Throw<UsageException>(() => BatchingOptions.Parse([name, value])).Message.ShouldStartWith(name);

    [Fact]
    public void Loads_OfASeed_AreTheSameAndOfTheAskedRate()
    {
        var load = Loads.OfNoise(100, TimeSpan.FromSeconds(20), 1);

        load.Count.ShouldBeInRange(1_850, 2_150);
        load.Select(one => one.EndsAt).ShouldBe(Loads.OfNoise(100, TimeSpan.FromSeconds(20), 1).Select(one => one.EndsAt));
        load.Average(one => one.Pcm.Length / 32_000.0).ShouldBe(Loads.MeanSeconds, 0.05);
    }
}
