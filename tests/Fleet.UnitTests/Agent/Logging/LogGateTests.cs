using Fleet.DeviceAgent.Logging;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Agent.Logging;

public sealed class LogGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryPass_AnHourWithoutTheCloud_IsAHandfulOfLines()
    {
        var sut = CreateSut();
        var passed = 0;
        for (var second = 0; second < 3600; second++)
        {
            passed += sut.TryPass("away", isNews: second == 0, out _) ? 1 : 0;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        passed.ShouldBe(6); // at 0, 1, 3, 7, 15 and 31 minutes
    }

    [Fact]
    public void TryPass_NewOutageAfterALongOne_IsSaidAtOnce()
    {
        var sut = CreateSut();
        for (var minute = 0; minute < 60; minute++)
        {
            sut.TryPass("away", isNews: minute == 0, out _);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        sut.TryPass("away", isNews: false, out _).ShouldBeFalse();
        sut.TryPass("away", isNews: true, out var heldBack).ShouldBeTrue();
        heldBack.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void TryPass_AThousandDevicesAtOnce_OneLine()
    {
        var sut = CreateSut();

        Enumerable.Range(0, 1000).Count(_ => sut.TryPass("away", isNews: true, out var _)).ShouldBe(1);
        sut.TryPass("another reason", isNews: true, out _).ShouldBeTrue();
    }

    private LogGate CreateSut() => new(_time, TimeSpan.FromMinutes(1), TimeSpan.FromHours(6));
}
