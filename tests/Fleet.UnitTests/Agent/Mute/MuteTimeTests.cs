using Fleet.DeviceAgent.Mute;

namespace Fleet.UnitTests.Agent.Mute;

public sealed class MuteTimeTests
{
    [Theory]
    [InlineData("22:00-07:00", "23:30", true)]
    [InlineData("22:00-07:00", "22:00", true)]
    [InlineData("22:00-07:00", "00:00", true)]
    [InlineData("22:00-07:00", "07:00", false)]
    [InlineData("22:00-07:00", "12:00", false)]
    [InlineData("12:00-13:30", "13:29", true)]
    [InlineData("12:00-13:30", "11:59", false)]
    public void Contains_FromInclusiveToExclusive_AlsoOverMidnight(string span, string now, bool isIn)
    {
        MuteTime.TryParse(span, out var time).ShouldBeTrue();

        time.Contains(TimeOnly.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(isIn);
    }

    [Theory]
    [InlineData("22:00")]
    [InlineData("22:00-22:00")]
    [InlineData("25:00-07:00")]
    [InlineData("10pm-7am")]
    [InlineData("")]
    public void TryParse_WhatIsNoSpan_IsRefused(string span) => MuteTime.TryParse(span, out _).ShouldBeFalse();
}
