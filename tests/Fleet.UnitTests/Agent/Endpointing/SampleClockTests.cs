using Fleet.DeviceAgent.Endpointing;

namespace Fleet.UnitTests.Agent.Endpointing;

public sealed class SampleClockTests
{
    [Theory]
    [InlineData(16_000, 48_000, 3)]
    [InlineData(32_000, 48_000, 1.5)]
    [InlineData(0, 48_000, 0)]
    public void TimeOf_SampleOfTheSource_CountsFromItsFirst(double samplesPerSecond, long sample, double seconds)
    {
        var sut = new SampleClock(samplesPerSecond, timestampFrequency: 1_000_000_000);

        sut.Anchor(1000, 77);

        sut.TimestampOf(1000 + sample).ShouldBe(77 + (long)(seconds * 1_000_000_000));
    }
}
