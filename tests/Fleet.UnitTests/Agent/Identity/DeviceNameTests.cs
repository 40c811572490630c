using Fleet.DeviceAgent.Identity;

namespace Fleet.UnitTests.Agent.Identity;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("raspberrypi", "raspberrypi")]
    [InlineData("Küche Pi", "k-che-pi")]
    [InlineData("-.x", "x")]
    [InlineData("日本", "pi")]
    public void FromHostName_AnyName_IsAValidId(string host, string expected)
    {
        DeviceName.FromHostName(host).ShouldBe(expected);
        DeviceName.IsValid(expected).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-pi")]
    [InlineData("Pi")]
    [InlineData("pi\n")]
    [InlineData("a b")]
    public void IsValid_NotAnId_False(string name) => DeviceName.IsValid(name).ShouldBeFalse();

    [Fact]
    public void Simulated_ManyDevices_NamesSort()
    {
        DeviceName.Simulated("pi", 0, 8).ShouldBe("pi-001");
        DeviceName.Simulated("pi", 1999, 2000).ShouldBe("pi-2000");
        DeviceName.Simulated("pi", 0, 2000).ShouldBe("pi-0001");
    }
}
