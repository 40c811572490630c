using Grpc.Core.Wire;

namespace Fleet.UnitTests.GrpcWire;

public sealed class WireTimeoutTests
{
    [Theory]
    [InlineData(0L, "1n")]
    [InlineData(1L, "100n")]
    [InlineData(10_000_000L, "1000000u")]
    [InlineData(30L * 10_000_000, "30000000u")]
    [InlineData(1_000_000_001L, "100001m")] // Rounded up: 100.0000001 s has no microseconds in 8 digits.
    [InlineData(long.MaxValue, "99999999H")] // The longest that there is.
    public void Format_Ticks_HasAtMostEightDigits(long ticks, string expected) => WireTimeout.Format(TimeSpan.FromTicks(ticks)).ShouldBe(expected);

    [Fact]
    public void Format_AnyTime_IsNeverShorterThanIt()
    {
        Random random = new(1);
        for (var i = 0; i < 10_000; i++)
        {
            var timeout = TimeSpan.FromTicks(random.NextInt64(1, 1L << random.Next(1, 58)));

            var text = WireTimeout.Format(timeout);

            text.Length.ShouldBeLessThanOrEqualTo(9);
            WireTimeout.TryParse(text, out var parsed).ShouldBeTrue(text);
            parsed.ShouldBeGreaterThanOrEqualTo(timeout);
            (parsed - timeout).Ticks.ShouldBeLessThanOrEqualTo((timeout.Ticks / 1000) + 10);
        }
    }

    [Theory]
    [InlineData("1S", 1000.0)]
    [InlineData("99999999m", 99_999_999.0)]
    [InlineData("2M", 120_000.0)]
    [InlineData("1H", 3_600_000.0)]
    public void TryParse_EachUnit_IsKnown(string text, double milliseconds)
    {
        WireTimeout.TryParse(text, out var timeout).ShouldBeTrue();
        timeout.TotalMilliseconds.ShouldBe(milliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("1x")]
    [InlineData(" 1S")]
    public void TryParse_AnythingElse_IsRefused(string? text) => WireTimeout.TryParse(text, out _).ShouldBeFalse();
}
