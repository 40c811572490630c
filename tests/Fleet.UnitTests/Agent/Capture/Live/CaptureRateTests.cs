using Fleet.DeviceAgent.Capture.Live;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Agent.Capture.Live;

public sealed class CaptureRateTests
{
    [Theory]
    [InlineData(16_000, 1, 48_000, true)]
    [InlineData(16_000, 2, 44_100, true)]
    [InlineData(48_000, 1, 16_000, true)]
    [InlineData(16_000, 1, 16_000, false)]
    [InlineData(16_000, 2, 17_000, false)]
    [InlineData(16_000, 1, 12_000, false)] // a busy machine loses some
    public void Take_DeviceWithARateOfItsOwn_IsToldOnce(int asked, int channels, int real, bool isTold)
    {
        var time = new FakeTimeProvider();
        var sut = new CaptureRate(asked, channels, time);
        var told = new List<int>();
        for (var tenths = 0; tenths < 1_000; tenths++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            if (sut.Take(real * channels * 2 / 10) is { } rate)
            {
                told.Add(rate);
            }
        }

        told.ShouldBe(isTold ? [real] : []);
    }
}
