using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

[Collection(ReadDashboard.Name)]
public sealed class LayoutTests(DashboardFixture fixture)
{
    // Links within sentences and what is wrapped by something larger may be smaller; the sound's own controls are the browser's.
    private const string SmallControls = """
        () => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
          .filter(control => !control.matches('.link, .skip-link, p a') && control.checkVisibility())
          .map(control => [control, (control.closest('label.chip, label.picker-item') ?? (control.matches('.row-link') ? control.closest('tr') : control)).getBoundingClientRect()])
          .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
          .map(([control, box]) => `${control.className || control.outerHTML.slice(0, 60)}: ${box.width} x ${box.height}`)
        """;

    [BrowserFact]
    public async Task EveryPage_FromPhoneToWall_FitsItsWindow()
    {
        var device = "a-very-long-device-name.building-7.floor-12.corridor-b.ceiling-04"[..64];
        var key = await fixture.Fleet.AddAsync(device, TimeProvider.System.GetUtcNow(), new string('w', 300) + " and שלום עולם");
        await using var window = await fixture.OpenAsync();
        foreach (var path in new[] { "/", "/live", "/history", "/history?q=nothingatall", $"/history/{key.DeviceId}/{key.UtteranceId}", "/cluster", "/missing", "/style", "/error/404" })
        {
            await window.Page.GotoAsync(path);
            foreach (var width in new[] { 320, 390, 820, 1920 })
            {
                await window.Page.SetViewportSizeAsync(width, 900);
                (await window.OverflowAsync()).ShouldBeLessThanOrEqualTo(0, $"{path} at {width} px");
            }
        }

        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task EveryControl_OnAPhone_IsLargeEnoughForAThumb()
    {
        var key = await fixture.Fleet.AddEveryKindAsync("pocket");
        await using var window = await fixture.OpenAsync(width: 390);
        foreach (var path in new[] { "/", "/live", "/history?device=pocket", $"/history/pocket/{key.UtteranceId}", "/cluster", "/error/404" })
        {
            await window.Page.GotoAsync(path);
            (await window.Page.EvaluateAsync<string[]>(SmallControls)).ShouldBeEmpty(path);
        }
    }

    [BrowserFact]
    public async Task Live_RowsArrive_WhatOneReadsStaysInItsPlace()
    {
        await fixture.Fleet.AddEveryKindAsync("anchor");
        await using var window = await fixture.OpenAsync(width: 390);
        await window.Page.GotoAsync("/live");
        await Expect(window.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        var row = window.Page.Locator("#live-feed > li").Nth(5);
        await row.EvaluateAsync("row => row.scrollIntoView({ block: 'center' })");
        var id = await row.GetAttributeAsync("id");
        var before = await TopAsync(window.Page, id);

        for (var i = 0; i < 3; i++)
        {
            await fixture.Fleet.AddAsync("anchor", TimeProvider.System.GetUtcNow(), $"comes above {i}");
        }

        await Expect(window.Page.Locator("#live-feed").GetByText("comes above 2")).ToHaveCountAsync(1);
        (await TopAsync(window.Page, id)).ShouldBe(before, 2);
    }

    [BrowserFact]
    public async Task Search_TakesLongerThanABlink_ShowsThatItIsUnderWay()
    {
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history");
        var mayGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await window.Page.RouteAsync("**/history?q=slow*", async route =>
        {
            await mayGo.Task;
            await route.ContinueAsync();
        });
        await Expect(window.Page.Locator(".spinner")).ToHaveCSSAsync("opacity", "0");

        await window.Page.Locator("#q").FillAsync("slow");

        await Expect(window.Page.Locator(".spinner")).ToHaveCSSAsync("opacity", "1");
        await Expect(window.Page.Locator("#results")).ToHaveAttributeAsync("aria-busy", "true");
        mayGo.SetResult();
        await Expect(window.Page.Locator(".spinner")).ToHaveCSSAsync("opacity", "0");
        await Expect(window.Page.Locator("#results")).Not.ToHaveAttributeAsync("aria-busy", "true");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task EveryPage_ForThoseWhomMotionMakesIll_StandsStill()
    {
        await fixture.Fleet.AddEveryKindAsync("statue");
        await using var window = await fixture.OpenAsync();
        await window.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        foreach (var path in new[] { "/live", "/style" })
        {
            await window.Page.GotoAsync(path);
            await window.Page.WaitForFunctionAsync("() => document.getAnimations().every(animation => animation.playState !== 'running')");
        }
    }

    private static Task<double> TopAsync(IPage page, string? id) =>
        page.EvaluateAsync<double>("id => document.getElementById(id).getBoundingClientRect().top", id);

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

        await Expect(window.Page.Locator(".notice:visible")).ToContainTextAsync("The silo does not answer");
        await Expect(window.Page.GetByText("the tomatoes are ripe")).ToBeVisibleAsync();

        // Without a reload: the page keeps itself up to date.
        await fixture.Fleet.AddAsync("greenhouse", TimeProvider.System.GetUtcNow(), "and so are the beans");
        await Expect(window.Page.GetByText("and so are the beans")).ToBeVisibleAsync(new() { Timeout = 8_000 });
        window.ShouldHaveNoComplaints();
    }
}
