using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests.Accessibility;

/// <summary>Everything can be done without a mouse, and one always sees where one is.</summary>
[Collection(ReadDashboard.Name)]
public sealed class KeyboardTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task WholeVisit_FromSignInToSignOut_NeedsNoMouse()
    {
        await fixture.Fleet.AddAsync("pulpit", TimeProvider.System.GetUtcNow(), "by hand and by key", seconds: 20);
        await using var window = await fixture.OpenAsync(signedIn: false);
        var (page, keys) = (window.Page, window.Page.Keyboard);

        await page.GotoAsync("/sign-in");
        await Expect(page.GetByLabel("Password")).ToBeFocusedAsync();
        await keys.TypeAsync(fixture.Dashboard.Password);
        await keys.PressAsync("Enter");
        await Expect(page).ToHaveTitleAsync("Overview · Fleet");

        // The first stop is the way past the navigation.
        await page.TabToAsync(page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" }));
        await keys.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();

        await page.TabToAsync(page.Locator(".nav").GetByRole(AriaRole.Link, new() { Name = "Live" }), backwards: true);
        await keys.PressAsync("Enter");
        await Expect(page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");

        await page.TabToAsync(page.Locator(".nav").GetByRole(AriaRole.Link, new() { Name = "History" }));
        await keys.PressAsync("Enter");
        await Expect(page).ToHaveTitleAsync("History · Fleet");
        await page.WaitForLoadStateAsync();

        await Expect(page.Locator(".nav [aria-current=page]")).ToHaveTextAsync("History");
        await SearchAndFilterAsync(page);
        await PlayAsync(page);
        await OpenDetailsAndExportAsync(page);

        await page.TabToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }), backwards: true);
        await keys.PressAsync("Enter");
        await Expect(page).ToHaveTitleAsync("Sign in · Fleet");
        window.ShouldHaveNoComplaints();
    }

    private static async Task SearchAndFilterAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.Locator("#q")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("by hand");
        await Expect(page.Locator("#results tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("#q")).ToBeFocusedAsync();
        await Expect(page.Locator("#results-said")).ToHaveTextAsync("1 utterance");

        var picker = page.Locator(".picker summary");
        await page.TabToAsync(picker);
        await page.Keyboard.PressAsync("Enter");
        await page.TabToAsync(page.GetByRole(AriaRole.Checkbox, new() { Name = "pulpit" }));
        await page.Keyboard.PressAsync("Space");
        await Expect(page).ToHaveURLAsync(new Regex("device=pulpit"));
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "pulpit" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(picker).ToBeFocusedAsync();
        await Expect(page.Locator(".picker-menu")).ToBeHiddenAsync();
    }

    private static async Task PlayAsync(IPage page)
    {
        var play = page.Locator("#results [data-play]");
        var sound = page.Locator("#player audio");
        await page.TabToAsync(play);
        await page.Keyboard.PressAsync("Space");
        await Expect(sound).ToBeFocusedAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#player audio').currentTime > 0");
        await Expect(play).ToHaveAttributeAsync("aria-label", "Pause pulpit, 20.0 s");

        // From here the keys are for the sound.
        await page.Keyboard.PressAsync("Space");
        await page.WaitForFunctionAsync("() => document.querySelector('#player audio').paused");
        var before = await sound.EvaluateAsync<double>("audio => audio.currentTime");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForFunctionAsync("before => document.querySelector('#player audio').currentTime > before + 1", before);

        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#player")).ToBeHiddenAsync();
        await Expect(play).ToBeFocusedAsync();
    }

    private static async Task OpenDetailsAndExportAsync(IPage page)
    {
        await page.TabToAsync(page.Locator("#results a.row-link"), backwards: true);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("blockquote")).ToHaveTextAsync("by hand and by key");

        await page.TabToAsync(page.Locator(".back-link"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#q")).ToHaveValueAsync("by hand");
        await page.WaitForLoadStateAsync();

        await page.TabToAsync(page.GetByRole(AriaRole.Link, new() { Name = "CSV", Exact = true }));
        var download = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        download.SuggestedFilename.ShouldEndWith(".csv");
    }
}
