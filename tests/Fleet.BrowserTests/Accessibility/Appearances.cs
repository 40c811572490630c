using Microsoft.Playwright;

namespace Fleet.BrowserTests.Accessibility;

/// <summary>A page as people see it: on a phone, a tablet and a desk, by day and by night.</summary>
internal static class Appearances
{
    private static readonly ViewportSize[] _sizes = [new() { Width = 390, Height = 844 }, new() { Width = 820, Height = 1180 }, new() { Width = 1440, Height = 900 }];
    private static readonly ColorScheme[] _colours = [ColorScheme.Light, ColorScheme.Dark];

    /// <summary>Looks at the page in each of them; throws what was found in all, with the place of each finding.</summary>
    public static async Task ShouldBeAccessibleAsync(this IPage page, string name)
    {
        List<string> findings = [];
        foreach (var size in _sizes)
        {
            await page.SetViewportSizeAsync(size.Width, size.Height);
            foreach (var colours in _colours)
            {
                await page.EmulateMediaAsync(new() { ColorScheme = colours });
                findings.AddRange(await Axe.FindAsync(page, $"{name}, {size.Width} px, {colours}", onlyColours: colours != _colours[0]));
            }

            var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow > 0)
            {
                findings.Add($"{name}, {size.Width} px: {overflow} px wider than the window");
            }
        }

        if (findings.Count > 0)
        {
            Assert.Fail(string.Join('\n', findings.Distinct()));
        }
    }
}
