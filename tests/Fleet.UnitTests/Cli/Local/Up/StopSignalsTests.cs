using Fleet.Cli.Local.Up;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Cli.Local.Up;

public sealed class StopSignalsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Signal_Once_AsksForAnOrderlyStop()
    {
        using var sut = new StopSignals(_clock);

        sut.OnWish();

        sut.Stop.IsCancellationRequested.ShouldBeTrue();
        sut.Hurry.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public void Signal_DeliveredTwiceByAWrapper_IsOneWish()
    {
        using var sut = new StopSignals(_clock);

        sut.OnWish();
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        sut.OnWish();

        sut.Hurry.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public void Signal_AgainAfterAWhile_AsksForHaste()
    {
        using var sut = new StopSignals(_clock);

        sut.OnWish();
        _clock.Advance(TimeSpan.FromSeconds(2));
        sut.OnWish();

        sut.Hurry.IsCancellationRequested.ShouldBeTrue();
    }
}
