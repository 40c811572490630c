using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

/// <summary>Pages are pages: their state is in their address, they work without a script, and they can be printed.</summary>
[Collection(ReadDashboard.Name)]
public sealed class PlainPageTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task Back_AfterFilters_ShowsTheOnesBefore()
    {
        await fixture.Fleet.AddAsync("pantry", Now(), "flour and sugar");
        await fixture.Fleet.AddAsync("pantry", Now(), "");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?device=pantry");
        await ReadyAsync(window.Page, rows: 2);

        await window.Page.GetByLabel("Empty").CheckAsync();
        await ReadyAsync(window.Page, rows: 1);
        await window.Page.GoBackAsync();
        await ReadyAsync(window.Page, rows: 2);
        await Expect(window.Page.GetByLabel("Empty")).Not.ToBeCheckedAsync();
        await window.Page.GoForwardAsync();
        await ReadyAsync(window.Page, rows: 1);
        await Expect(window.Page.GetByLabel("Empty")).ToBeCheckedAsync();

        await window.Page.GetByLabel("Empty").UncheckAsync();
        await ReadyAsync(window.Page, rows: 2);
        await window.Page.Locator("#q").PressSequentiallyAsync("flour");
        await Expect(window.Page).ToHaveURLAsync(new Regex("q=flour"));
        await ReadyAsync(window.Page, rows: 1);
        await window.Page.Locator("a.row-link").ClickAsync();
        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("flour and sugar");
        await window.Page.GoBackAsync();
        await Expect(window.Page.Locator("#q")).ToHaveValueAsync("flour");
        await ReadyAsync(window.Page, rows: 1);
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Click_OnWhatWasJustSearched_OpensItHoweverLongTheButtonIsDown()
    {
        await fixture.Fleet.AddAsync("bakery", Now(), "yeast and water");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?device=bakery");
        await window.Page.Locator("#q").PressSequentiallyAsync("yeast");
        await Expect(window.Page).ToHaveURLAsync(new Regex("q=yeast"));
        await ReadyAsync(window.Page, rows: 1);

        await window.Page.Locator("a.row-link").HoverAsync();
        await window.Page.Mouse.DownAsync();
        for (var i = 0; i < 3; i++)
        {
            // Whatever the page asked for when the field lost the focus has been answered by then.
            await window.Page.EvaluateAsync("() => fetch(location.href).then(response => response.text())");
        }

        await window.Page.Mouse.UpAsync();
        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("yeast and water");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task WithoutJavaScript_EverythingButLive_Works()
    {
        await fixture.Fleet.AddAsync("woodshed", Now(), "no script was needed");
        await using var window = await fixture.OpenAsync(signedIn: false, script: false);
        await window.SignInAsync(fixture.Dashboard.Password);
        await Expect(window.Page).ToHaveTitleAsync("Overview · Fleet");
        await Expect(window.Page.GetByText("no script was needed")).ToBeVisibleAsync();

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" }).ClickAsync();
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(window.Page).ToHaveTitleAsync("Overview · Fleet");

        await window.Page.GotoAsync("/live");
        await Expect(window.Page.GetByText("no script was needed")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".needs-script:visible")).ToHaveCountAsync(0);

        await window.Page.GotoAsync("/history");
        await window.Page.Locator(".picker summary").ClickAsync();
        await window.Page.GetByRole(AriaRole.Checkbox, new() { Name = "woodshed" }).CheckAsync();
        await window.Page.GetByLabel("Transcribed").CheckAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("device=woodshed&status=transcribed"));
        await Expect(window.Page.Locator("#results tbody tr")).ToHaveCountAsync(1);

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Style" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Colours" })).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(window.Page).ToHaveTitleAsync("Sign in · Fleet");
    }

    [BrowserFact]
    public async Task History_Printed_IsTheTableAndWhatWasAskedFor()
    {
        await fixture.Fleet.AddAsync("archive", Now(), "for the record");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?q=record&device=archive");
        await Expect(window.Page.Locator(".print-only")).ToBeHiddenAsync();

        await window.Page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });

        await Expect(window.Page.Locator(".print-only")).ToHaveTextAsync("“record” · archive");
        await Expect(window.Page.Locator(".print-only")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Transcript" })).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("for the record")).ToBeVisibleAsync();
        foreach (var part in new[] { ".sidebar", ".filters", ".page-actions", ".foot", ".play" })
        {
            await Expect(window.Page.Locator(part).First).ToBeHiddenAsync();
        }

        (await window.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('h1')).color")).ShouldBe("rgb(23, 24, 29)");
    }

    [BrowserFact]
    public async Task LongTranscript_InARow_ShowsItsBeginning_AndOnItsPageAllOfIt()
    {
        var text = string.Join(' ', Enumerable.Range(1, 1_500).Select(number => $"word{number}"));
        var key = await fixture.Fleet.AddAsync("stage", Now(), text);
        await using var window = await fixture.OpenAsync();

        await window.Page.GotoAsync("/history?device=stage");
        (await window.Page.Locator("td.col-text").TextContentAsync()).ShouldNotBeNull().Length.ShouldBeLessThan(1_000);
        (await window.Page.Locator("td.col-text").BoundingBoxAsync()).ShouldNotBeNull().Height.ShouldBeLessThan(120);

        await window.Page.GotoAsync($"/history/stage/{key.UtteranceId}");
        await Expect(window.Page.Locator("blockquote")).ToContainTextAsync("word1500");
    }

    // "Back" loads the page again: its rows are there before its scripts are.
    private static async Task ReadyAsync(IPage page, int rows) => await page.WaitForFunctionAsync(
        "rows => document.readyState === 'complete' && document.querySelectorAll('#results tbody tr').length === rows", rows);

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
