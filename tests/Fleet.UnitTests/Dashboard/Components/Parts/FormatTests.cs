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
}
