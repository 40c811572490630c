using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests.Accessibility;

/// <summary>Pages that change by themselves leave the focus where it is, or at least somewhere.</summary>
[Collection(ReadDashboard.Name)]
public sealed class FocusTests(DashboardFixture fixture)
{
    private const int LatestRows = 10;

    [BrowserFact]
    public async Task Overview_NewRowsCome_FocusStays_AndIsNotLostWithTheRow()
    {
        var key = await fixture.Fleet.AddAsync("loft", Now(), "the one with the focus");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/");
        var details = window.Page.Locator($"a[href='/history/loft/{key.UtteranceId}']");
        await details.FocusAsync();

        await fixture.Fleet.AddAsync("loft", Now(), "one above it");
        await Expect(window.Page.GetByText("one above it")).ToBeVisibleAsync();
        await Expect(details).ToBeFocusedAsync();

        for (var i = 0; i < LatestRows; i++)
        {
            await fixture.Fleet.AddAsync("loft", Now(), $"pushes it out {i}");
        }

        await Expect(details).ToHaveCountAsync(0);
        await Expect(window.Page.Locator("main")).ToBeFocusedAsync();
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Live_RowChanges_FocusStays()
    {
        var key = await fixture.Fleet.StoreAsync("crypt", Now());
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/live");
        await Expect(window.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        var details = window.Page.Locator($"a[href='/history/crypt/{key.UtteranceId}']");
        await details.FocusAsync();

        await fixture.Fleet.TranscribeAsync(key, "now it has words");

        await Expect(window.Page.GetByText("now it has words").First).ToBeVisibleAsync();
        await Expect(details).ToBeFocusedAsync();
        window.ShouldHaveNoComplaints();
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
