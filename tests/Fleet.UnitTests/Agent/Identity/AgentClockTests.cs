using Fleet.DeviceAgent.Identity;
using Fleet.Testing.Time;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Identity;

public sealed class AgentClockTests
{
    private static readonly DateTimeOffset _kept = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);
    private static readonly DateTimeOffset _server = new(2026, 5, 7, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Now_WallClockAfterWhatWasKept_IsTheDevices()
    {
        var time = new FakeTimeProvider(_kept.AddHours(3));
        var sut = new AgentClock(time, _kept);

        sut.Now().ShouldBe(new ClockReading(_kept.AddHours(3), Clock.Device, false));
        sut.LastServerTime.ShouldBe(_kept);
    }

    [Fact]
    public void Now_WallClockOf1970_IsUnknownAndGoesOnFromWhatWasKept()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var sut = new AgentClock(time, _kept);

        time.Advance(TimeSpan.FromMinutes(5));

        sut.Now().ShouldBe(new ClockReading(_kept.AddMinutes(5), Clock.Unknown, false));
    }

    [Fact]
    public void At_ClusterHeardLater_SaysWhenItReallyWas()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var sut = new AgentClock(time, _kept);
        var spoken = time.GetTimestamp();
        time.Advance(TimeSpan.FromMinutes(5));
        time.StepWallClock(TimeSpan.FromDays(20_000));

        Hear(sut, time, _server, TimeSpan.Zero);

        sut.At(spoken).ShouldBe(new ClockReading(_server.AddMinutes(-5), Clock.Server, true));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-20_000)]
    public void Now_WallClockStepsAfterTheClusterWasHeard_TheTimeGoesOnAndIsDoubtful(int days)
    {
        var time = new FakeTimeProvider(_server);
        var sut = new AgentClock(time, _kept);
        Hear(sut, time, _server, TimeSpan.Zero);
        sut.IsSettled.ShouldBeTrue();

        time.StepWallClock(TimeSpan.FromDays(days));
        time.Advance(TimeSpan.FromSeconds(7));

        sut.Now().ShouldBe(new ClockReading(_server.AddSeconds(7), Clock.Server, false));
        sut.IsDoubtful.ShouldBeTrue();
        Hear(sut, time, _server.AddSeconds(7), TimeSpan.Zero);
        sut.Now().ShouldBe(new ClockReading(_server.AddSeconds(7), Clock.Server, true));
    }

    [Fact]
    public void Now_SleptWithoutTheMonotonicClock_IsRightAgainOnceTheClusterIsHeard()
    {
        var time = new FakeTimeProvider(_server);
        var sut = new AgentClock(time, _kept);
        Hear(sut, time, _server, TimeSpan.Zero);

        time.StepWallClock(TimeSpan.FromHours(8)); // that is how a sleep looks to a monotonic clock that stands still

        sut.IsDoubtful.ShouldBeTrue();
        Hear(sut, time, _server.AddHours(8), TimeSpan.Zero);
        sut.Now().ShouldBe(new ClockReading(_server.AddHours(8), Clock.Server, true));
    }

    [Fact]
    public void Now_SleptWithTheMonotonicClockGoingOn_IsRightAllTheTime()
    {
        var time = new FakeTimeProvider(_server);
        var sut = new AgentClock(time, _kept);
        Hear(sut, time, _server, TimeSpan.Zero);

        time.Advance(TimeSpan.FromHours(8));

        sut.Now().ShouldBe(new ClockReading(_server.AddHours(8), Clock.Server, true));
    }

    [Theory]
    [InlineData(0, 0)] // the clock was right at the earliest moment that the answer allows
    [InlineData(-10, 0)] // at the latest
    [InlineData(-4, 0)]
    [InlineData(3, 3)] // before the earliest: moved to it
    [InlineData(-12, -2)] // after the latest: moved to that
    public void OnServerTime_SlowAnswer_MovesTheClockNoFurtherThanItKnows(int serverAheadSeconds, int movedSeconds)
    {
        var time = new FakeTimeProvider(_server);
        var sut = new AgentClock(time, _kept);
        Hear(sut, time, _server, TimeSpan.Zero);
        var roundTrip = TimeSpan.FromSeconds(10);

        Hear(sut, time, _server + roundTrip + TimeSpan.FromSeconds(serverAheadSeconds), roundTrip);

        sut.UtcNow.ShouldBe(_server + roundTrip + TimeSpan.FromSeconds(movedSeconds));
    }

    [Fact]
    public void OnServerTime_FirstAnswer_IsTakenInTheMiddleOfItsRoundTrip()
    {
        var time = new FakeTimeProvider(_kept);
        var sut = new AgentClock(time, _kept);

        Hear(sut, time, _server, TimeSpan.FromSeconds(4));

        sut.UtcNow.ShouldBe(_server.AddSeconds(2));
        sut.Uncertainty.ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void OnServerTime_TheClusterHasASlowerClockNow_IsFollowed()
    {
        var time = new FakeTimeProvider(_server);
        var sut = new AgentClock(time, _kept);
        Hear(sut, time, _server.AddYears(10), TimeSpan.Zero);

        Hear(sut, time, _server, TimeSpan.Zero);

        sut.Now().ShouldBe(new ClockReading(_server, Clock.Server, true));
        sut.LastServerTime.ShouldBe(_server);
    }

    [Fact]
    public void OnServerTime_OfAClusterWhoseClockIsNotSet_IsNoTime()
    {
        var time = new FakeTimeProvider(_server);
        var sut = new AgentClock(time, _kept);

        Hear(sut, time, DateTimeOffset.UnixEpoch, TimeSpan.Zero);

        sut.Now().Clock.ShouldBe(Clock.Device);
    }

    private static void Hear(AgentClock clock, FakeTimeProvider time, DateTimeOffset serverTime, TimeSpan roundTrip)
    {
        var askedAt = time.GetTimestamp();
        time.Advance(roundTrip);
        clock.OnServerTime(serverTime, askedAt, time.GetTimestamp());
    }
}
