using Fleet.DeviceAgent.Uplink;

namespace Fleet.UnitTests.Agent.Uplink;

public sealed class ServerListTests
{
    [Fact]
    public void TryCreate_Several_AreTakenInTurn()
    {
        ServerList.TryCreate("http://127.0.0.1:1, https://b:2", caFile: null, privateNetwork: false, out var sut, out var error).ShouldBeTrue(error);
        sut.ShouldNotBeNull();

        Enumerable.Range(0, 3).Select(turn => sut[turn].Address.Port).ShouldBe([1, 2, 1]);
    }

    [Fact]
    public void TryCreate_OneIsWrong_IsNamed()
    {
        ServerList.TryCreate("http://127.0.0.1:1,http://192.0.2.1:5100", caFile: null, privateNetwork: false, out _, out var error).ShouldBeFalse();

        error.ShouldNotBeNull().ShouldContain("192.0.2.1");
    }
}
