using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

[Collection(SharedDashboard.Name)]
public sealed class LayoutTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task EveryPage_OnAPhone_IsNotWiderThanThePhone()
    {
        var device = "a-very-long-device-name.building-7.floor-12.corridor-b.ceiling-04"[..64];
        var key = await fixture.Fleet.AddAsync(device, TimeProvider.System.GetUtcNow(), new string('w', 300) + " and שלום עולם");
        await using var window = await fixture.OpenAsync(width: 390);
        foreach (var path in new[] { "/", "/live", "/history", "/history?q=nothingatall", $"/history/{key.DeviceId}/{key.UtteranceId}", "/error/404" })
        {
            await window.Page.GotoAsync(path);
            (await window.OverflowAsync()).ShouldBe(0, path);
        }

        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Colours_Chosen_StayAfterAReload()
    {
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/live");
        var kept = window.Page.WaitForResponseAsync("**/theme");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" }).ClickAsync();

        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        (await kept).Status.ShouldBe(204);
        await window.Page.ReloadAsync();
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Overview_SiloAway_SaysSoAndShowsWhatTheDatabaseKnows()
    {
        await fixture.Fleet.AddAsync("greenhouse", TimeProvider.System.GetUtcNow(), "the tomatoes are ripe");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/");

        await Expect(window.Page.Locator(".notice")).ToContainTextAsync("The silo does not answer");
        await Expect(window.Page.GetByText("the tomatoes are ripe")).ToBeVisibleAsync();

        // Without a reload: the page keeps itself up to date.
        await fixture.Fleet.AddAsync("greenhouse", TimeProvider.System.GetUtcNow(), "and so are the beans");
        await Expect(window.Page.GetByText("and so are the beans")).ToBeVisibleAsync(new() { Timeout = 8_000 });
        window.ShouldHaveNoComplaints();
    }
}
