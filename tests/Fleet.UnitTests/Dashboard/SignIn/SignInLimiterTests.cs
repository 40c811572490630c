using System.Globalization;
using Fleet.Dashboard.SignIn;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Dashboard.SignIn;

public sealed class SignInLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryBegin_AfterTooManyFailures_WaitsForTheEndOfTheWindow()
    {
        var sut = new SignInLimiter(_time);
        for (var i = 0; i < SignInLimiter.MaxFailuresPerAddress; i++)
        {
            sut.TryBegin("10.0.0.1").ShouldBeNull();
        }

        sut.TryBegin("10.0.0.1").ShouldBe(SignInLimiter.Window);
        sut.TryBegin("10.0.0.2").ShouldBeNull();
        _time.Advance(SignInLimiter.Window);
        sut.TryBegin("10.0.0.1").ShouldBeNull();
    }

    [Fact]
    public void Succeeded_ForgetsEarlierFailures()
    {
        var sut = new SignInLimiter(_time);
        for (var i = 0; i < 3 * SignInLimiter.MaxFailuresPerAddress; i++)
        {
            sut.TryBegin("10.0.0.1").ShouldBeNull();
            sut.Succeeded("10.0.0.1");
        }
    }

    [Fact]
    public void TryBegin_FromVeryManyAddresses_KeepsItsMemoryAndItsTotalBounded()
    {
        var sut = new SignInLimiter(_time);
        var let = 0;
        for (var i = 0; i < 3 * SignInLimiter.MaxAddresses; i++)
        {
            let += sut.TryBegin(i.ToString(CultureInfo.InvariantCulture)) is null ? 1 : 0;
        }

        let.ShouldBe(SignInLimiter.MaxFailuresTotal);
        sut.AddressesHeld.ShouldBeLessThanOrEqualTo(SignInLimiter.MaxAddresses + 1);
    }
}
