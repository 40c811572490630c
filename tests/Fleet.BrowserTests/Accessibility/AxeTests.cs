using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests.Accessibility;

/// <summary>No page, in no state, at no size and in no colours, has a finding of axe-core.</summary>
[Collection(ReadDashboard.Name)]
public sealed partial class AxeTests(DashboardFixture fixture)
{
    private static readonly string[] _pages = ["/", "/live", "/history"];
    private static readonly int[] _errors = [400, 403, 404, 413, 500, 503];

    [BrowserFact]
    public async Task Pages_WithEveryKindOfUtterance_AreAccessible()
    {
        var key = await fixture.Fleet.AddEveryKindAsync("showroom");
        await using var window = await fixture.OpenAsync();
        string[] more = ["/cluster", "/missing", "/history?q=lights&device=showroom&status=transcribed", $"/history/{key.DeviceId}/{key.UtteranceId}", "/history?q=nothingatall", "/style"];
        foreach (var path in _pages.Concat(more))
        {
            await window.Page.GotoAsync(path);
            await window.Page.ShouldBeAccessibleAsync(path.Replace(key.UtteranceId.ToString(), "ID", StringComparison.Ordinal));
        }

        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task WhatOpensAndWhatIsCutOff_IsAccessible()
    {
        await fixture.Fleet.AddEveryKindAsync("wardrobe");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?device=wardrobe");
        await window.Page.Locator("[data-play]").First.ClickAsync();
        await Expect(window.Page.Locator("#player")).ToBeVisibleAsync();
        await window.Page.Locator(".picker summary").ClickAsync();
        await window.Page.ShouldBeAccessibleAsync("/history, a menu and the player open");

        await window.Page.GotoAsync("/live");
        await Expect(window.Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await window.Page.Locator("#live-pause").ClickAsync();
        await window.SetOfflineAsync(true);
        await window.Page.EvaluateAsync("document.getElementById('live-feed')._htmx.sse.reader.cancel()");
        await Expect(window.Page.Locator("#live-stale")).ToBeVisibleAsync();
        await window.Page.ShouldBeAccessibleAsync("/live, held and cut off");
        await window.SetOfflineAsync(false);

        await window.Page.Context.ClearCookiesAsync();
        await window.Page.GotoAsync("/sign-in?ended=1&returnUrl=/live");
        await Expect(window.Page.GetByText("Your sign-in has ended")).ToBeVisibleAsync();
        await window.Page.ShouldBeAccessibleAsync("/sign-in after a sign-in that ended");
    }

    [BrowserFact]
    public async Task Pages_WithoutAnything_AreAccessible()
    {
        await using var dashboard = await fixture.StartEmptyDashboardAsync();
        await using var window = await fixture.OpenAsync(dashboard: dashboard);
        foreach (var path in _pages)
        {
            await window.Page.GotoAsync(path);
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 2, NameRegex = EmptyTitle() }).First).ToBeVisibleAsync();
            await window.Page.ShouldBeAccessibleAsync($"{path} without data");
        }

        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Pages_DatabaseAway_AreAccessible()
    {
        await using var dashboard = await fixture.StartDashboardWithoutDatabaseAsync();
        await using var window = await fixture.OpenAsync(dashboard: dashboard);
        foreach (var path in _pages)
        {
            await window.Page.GotoAsync(path);
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "The database does not answer" })).ToBeVisibleAsync();
            await window.Page.ShouldBeAccessibleAsync($"{path} without the database");
        }
    }

    [BrowserFact]
    public async Task ErrorPages_AreAccessible()
    {
        await using var window = await fixture.OpenAsync();
        foreach (var code in _errors)
        {
            await window.Page.GotoAsync($"/error/{code}");
            await window.Page.ShouldBeAccessibleAsync($"/error/{code}");
        }

        (await window.Page.GotoAsync("/nothing-here")).ShouldNotBeNull().Status.ShouldBe(404);
        await window.Page.ShouldBeAccessibleAsync("/nothing-here");
    }

    [BrowserFact]
    public async Task SignIn_BeforeAndAfterAWrongPassword_IsAccessible()
    {
        await using var window = await fixture.OpenAsync(signedIn: false);
        await window.Page.GotoAsync("/sign-in");
        await window.Page.ShouldBeAccessibleAsync("/sign-in");

        await window.SignInAsync("wrong");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await window.Page.ShouldBeAccessibleAsync("/sign-in after a wrong password");
    }

    [GeneratedRegex("yet$")]
    private static partial Regex EmptyTitle();
}
