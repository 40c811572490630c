using Fleet.DeviceAgent.Identity;
using Fleet.Testing.Time;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Identity;

public sealed class BootClockTests
{
    private readonly FakeTimeProvider _awake = new();
    private TimeSpan _slept;

    [Fact]
    public void GetElapsedTime_OverASecondsBoundary_IsToTheNanosecond()
    {
        var now = (Seconds: 41L, Nanoseconds: 999_999_900L);
        var sut = new BootClock(_awake, () => now);
        var stamp = sut.GetTimestamp();

        now = (43, 100);

        stamp.ShouldBe(41_999_999_900);
        sut.GetElapsedTime(stamp).ShouldBe(TimeSpan.FromTicks(10_000_002));
    }

    [Fact]
    public void Choose_OnThisMachine_RunsAndIsNotBehindTheClockThatStopsInSuspend()
    {
        var sut = BootClock.Choose(TimeProvider.System);
        if (!OperatingSystem.IsLinux())
        {
            sut.ShouldBeSameAs(TimeProvider.System);
            return;
        }

        sut.ShouldBeOfType<BootClock>();
        var awake = TimeProvider.System.GetElapsedTime(0);
        var sinceBoot = sut.GetElapsedTime(0);

        sinceBoot.ShouldBeGreaterThanOrEqualTo(awake);
        sut.GetTimestamp().ShouldBeGreaterThan(0);
        (sut.GetUtcNow() - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Suspend_BeforeTheClusterIsHeard_WhatWasRecordedBeforeItGetsItsRightTime()
    {
        var sut = new BootClock(_awake, SinceBoot);
        var clock = new AgentClock(sut, default);
        var recordedAt = sut.GetTimestamp();
        var trueTime = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

        _awake.Advance(TimeSpan.FromSeconds(30));
        _slept = TimeSpan.FromHours(8);
        clock.OnServerTime(trueTime + TimeSpan.FromSeconds(30) + _slept, sut.GetTimestamp(), sut.GetTimestamp());

        clock.At(recordedAt).ShouldBe(new ClockReading(trueTime, Clock.Server, IsSettled: true));
    }

    private (long Seconds, long Nanoseconds) SinceBoot()
    {
        var ticks = (_awake.GetElapsedTime(0) + _slept).Ticks;
        return (ticks / TimeSpan.TicksPerSecond, ticks % TimeSpan.TicksPerSecond * 100);
    }
}
