using Fleet.Silo.Transcription;
using Fleet.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class CircuitBreakerTests
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly CircuitBreaker _sut;

    public CircuitBreakerTests() => _sut = new CircuitBreaker("blue", _longest, _time, NullLogger<CircuitBreaker>.Instance);

    [Fact]
    public void Open_UntilItsPauseIsOver_ThenOneProbeAtATime()
    {
        _sut.OnAway("404", null, isProbe: false);
        _sut.OpenBecause.ShouldBe("404");
        _sut.IsHalfOpen.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(200));
        _sut.IsHalfOpen.ShouldBeTrue();
        _sut.BeginProbe();

        _sut.IsHalfOpen.ShouldBeFalse();
        _sut.UntilHalfOpen.ShouldBeNull();
        _sut.OnWorks().ShouldBeTrue();
        _sut.OpenBecause.ShouldBeNull();
        _sut.OnWorks().ShouldBeFalse();
    }

    [Fact]
    public void Probes_ThatFail_GetRarerUpToTheLongestPause()
    {
        _sut.OnAway("503", null, isProbe: false);
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(_longest);
            _sut.BeginProbe();
            _sut.OnAway("503", null, isProbe: true);
        }

        _sut.UntilHalfOpen.ShouldNotBeNull().ShouldBeInRange(_longest / 2, _longest);
    }

    [Fact]
    public void CallsInFlightWhenItOpens_DoNotMakeThePauseLonger()
    {
        for (var i = 0; i < 30; i++)
        {
            _sut.OnAway("refused", null, isProbe: false);
        }

        _sut.UntilHalfOpen.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void RetryAfter_IsGivenEvenBeyondTheLongestPause()
    {
        _sut.OnAway("busy", TimeSpan.FromSeconds(30), isProbe: false);

        _time.Advance(TimeSpan.FromSeconds(29.9));
        _sut.IsHalfOpen.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(3.2));

        _sut.IsHalfOpen.ShouldBeTrue();
    }

    [Fact]
    public void Probe_ThatEndsWithoutTelling_LeavesRoomForTheNext()
    {
        _sut.OnAway("away", null, isProbe: false);
        _time.Advance(_longest);
        _sut.BeginProbe();

        _sut.EndProbe();

        _sut.IsHalfOpen.ShouldBeTrue();
    }
}
