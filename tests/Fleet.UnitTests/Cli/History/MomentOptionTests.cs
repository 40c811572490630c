using System.Globalization;
using Fleet.Cli.History;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Cli.History;

public sealed class MomentOptionTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("90s", "2026-03-10T11:58:30Z")]
    [InlineData("30m", "2026-03-10T11:30:00Z")]
    [InlineData("1.5h", "2026-03-10T10:30:00Z")]
    [InlineData("7d", "2026-03-03T12:00:00Z")]
    [InlineData("2w", "2026-02-24T12:00:00Z")]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T08:15", "2026-03-01T08:15:00Z")]
    [InlineData("2026-03-01 08:15:30", "2026-03-01T08:15:30Z")]
    [InlineData("2026-03-01T08:15:30Z", "2026-03-01T08:15:30Z")]
    [InlineData("2026-03-01T08:15:30.250+02:00", "2026-03-01T06:15:30.250Z")]
    public void TryParse_AMoment_IsIt(string text, string expected)
    {
        MomentOption.TryParse(text, _time, out var moment).ShouldBeTrue();

        moment.ShouldBe(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("-7d")]
    [InlineData("7y")]
    [InlineData("99999999999d")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("01/03/2026")]
    [InlineData("1969-12-31")]
    [InlineData("NaNd")]
    public void TryParse_NoMoment_IsRefused(string text) => MomentOption.TryParse(text, _time, out _).ShouldBeFalse();
}
