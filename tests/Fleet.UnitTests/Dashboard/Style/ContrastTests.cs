using Fleet.Dashboard.Style;

namespace Fleet.UnitTests.Dashboard.Style;

public sealed class ContrastTests
{
    // The last two are the examples with which people check such a formula: just enough for text, and just not.
    [Theory]
    [InlineData("#000000", "#ffffff", 21)]
    [InlineData("#ffffff", "#ffffff", 1)]
    [InlineData("#767676", "#ffffff", 4.54)]
    [InlineData("#777777", "#ffffff", 4.48)]
    public void Ratio_OfTwoColours_IsWcags(string one, string other, double expected)
    {
        Contrast.Ratio(one, other).ShouldBe(expected, 0.005);
        Contrast.Ratio(other, one).ShouldBe(expected, 0.005);
    }
}
