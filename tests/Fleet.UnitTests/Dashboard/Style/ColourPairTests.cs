using Fleet.Dashboard.Style;
using Fleet.Testing;

namespace Fleet.UnitTests.Dashboard.Style;

public sealed class ColourPairTests
{
    [Fact]
    public void All_InLightAndInDark_AreSeenWellEnough()
    {
        var tokens = DesignTokens.Parse(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "dashboard", "wwwroot", "css", "tokens.css")));

        ColourPair.All
            .Select(pair => (pair, contrast: tokens.Contrast(pair.Colour, pair.Ground)))
            .Where(each => Math.Min(each.contrast.Light, each.contrast.Dark) < each.pair.Least)
            .ShouldBeEmpty();
    }
}
