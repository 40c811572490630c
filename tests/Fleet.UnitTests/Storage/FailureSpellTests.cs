using Fleet.Storage;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Storage;

public sealed class FailureSpellTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Fail_EverySecondForAnHour_SaysSoSixTimesAndThenHowLong()
    {
        var sut = new FailureSpell(_time);
        sut.Recover().ShouldBeNull();
        var said = 0;
        for (var second = 0; second < 3600; second++)
        {
            said += sut.Fail() ? 1 : 0;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        said.ShouldBe(6);
        sut.Recover().ShouldBe(TimeSpan.FromHours(1));
        sut.Recover().ShouldBeNull();
        sut.Fail().ShouldBeTrue();
    }
}
