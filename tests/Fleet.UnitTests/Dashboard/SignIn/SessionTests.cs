using Fleet.Dashboard.SignIn;

namespace Fleet.UnitTests.Dashboard.SignIn;

public sealed class SessionTests
{
    [Theory]
    [InlineData("/history?q=x", "/history?q=x")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("https://elsewhere.example", "/")]
    [InlineData("//elsewhere.example", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData("/a\nb", "/")]
    public void LocalPath_OfAReturnUrl_StaysOnThisSite(string? returnUrl, string expected)
    {
        Session.LocalPath(returnUrl).ShouldBe(expected);
    }
}
