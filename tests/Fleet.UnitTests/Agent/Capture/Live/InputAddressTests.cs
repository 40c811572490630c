using Fleet.DeviceAgent.Capture.Live;

namespace Fleet.UnitTests.Agent.Capture.Live;

public sealed class InputAddressTests
{
    [Theory]
    [InlineData("alsa:default", "default")]
    [InlineData("alsa:plughw:1,0", "plughw:1,0")]
    [InlineData("alsa:sysdefault:CARD=Device,DEV=0", "sysdefault:CARD=Device,DEV=0")]
    [InlineData("stdin", null)]
    public void TryParse_Input_IsTaken(string text, string? device)
    {
        InputAddress.TryParse(text, out var address, out _).ShouldBeTrue();

        address.ShouldNotBeNull().AlsaDevice.ShouldBe(device);
        address.Text.ShouldBe(text);
    }

    [Theory]
    [InlineData("default", "give alsa:DEVICE")]
    [InlineData("STDIN", "give alsa:DEVICE")]
    [InlineData("", "give alsa:DEVICE")]
    [InlineData("alsa:", "does not name an ALSA device")]
    [InlineData("alsa:-h", "does not name an ALSA device")]
    [InlineData("alsa:default; rm -rf /", "does not name an ALSA device")]
    [InlineData("alsa:{type file file '|sh'}", "does not name an ALSA device")]
    [InlineData("alsa:file:'|sh',raw", "does not name an ALSA device")]
    public void TryParse_AnythingElse_SaysWhatIsRight(string text, string expected)
    {
        InputAddress.TryParse(text, out _, out var problem).ShouldBeFalse();

        problem.ShouldNotBeNull().ShouldContain(expected);
        problem.ShouldContain("arecord -L");
    }

    [Fact]
    public void TryParse_NameWithoutEnd_IsRefused() => InputAddress.TryParse("alsa:" + new string('a', 129), out _, out _).ShouldBeFalse();
}
