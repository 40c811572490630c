using Fleet.DeviceAgent.Endpointing;

namespace Fleet.UnitTests.Agent.Endpointing;

public sealed class SampleClockTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(16_000, 48_000, 3)]
    [InlineData(32_000, 48_000, 1.5)]
    [InlineData(0, 48_000, 0)]
    public void TimeOf_SampleOfTheSource_CountsFromItsFirst(double samplesPerSecond, long sample, double seconds)
    {
        var sut = new SampleClock(samplesPerSecond);

        sut.Anchor(1000, _start);

        sut.TimeOf(1000 + sample).ShouldBe(_start.AddSeconds(seconds));
    }
}
