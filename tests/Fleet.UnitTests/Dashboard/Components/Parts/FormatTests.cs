using Fleet.Dashboard.Components.Parts;

namespace Fleet.UnitTests.Dashboard.Components.Parts;

public sealed class FormatTests
{
    [Theory]
    [InlineData(31, "31 s")]
    [InlineData(150, "2 min")]
    [InlineData(3 * 3600, "3 h")]
    [InlineData(3 * 86_400, "3 days")]
    public void Wait_IsSaidInOneUnit(int seconds, string expected) => Format.Wait(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("turn on the lights", 12, "turn on the…")]
    [InlineData("turn on the lights", 9, "turn on…")]
    [InlineData("wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", 50, "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww…")]
    [InlineData("👩👩👩", 3, "👩…")]
    public void Shorten_CutsBetweenWords_AndNeverWithinACharacter(string text, int maxLength, string expected) =>
        Format.Shorten(text, maxLength).ShouldBe(expected);
}
