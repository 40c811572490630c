using Fleet.Dashboard.Style;

namespace Fleet.UnitTests.Dashboard.Style;

public sealed class DesignTokensTests
{
    [Fact]
    public void Parse_FindsColoursInBothSchemes_AndSizes()
    {
        var sut = DesignTokens.Parse(":root { --ground: light-dark(#f6f6f8, #0e0f13); --logo: #3f51d9; --text-sm: 0.8125rem; --space-4: 1rem; --radius: 8px; }");

        sut.Colours["ground"].ShouldBe(("#f6f6f8", "#0e0f13"));
        sut.Colours["logo"].ShouldBe(("#3f51d9", "#3f51d9"));
        sut.Sizes.ShouldBe(new Dictionary<string, string> { ["text-sm"] = "0.8125rem", ["space-4"] = "1rem" }, ignoreOrder: true);
    }
}
