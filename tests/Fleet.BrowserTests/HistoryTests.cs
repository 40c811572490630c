using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

[Collection(ReadDashboard.Name)]
public sealed partial class HistoryTests(DashboardFixture fixture)
{
    private const string Rows = "#results tbody tr";

    // Noon in Berlin in summer: two hours from UTC, so a mix-up of zones would be seen.
    private static readonly DateTimeOffset _noon = new(2025, 7, 14, 10, 0, 0, TimeSpan.Zero);

    [BrowserFact]
    public async Task Search_AsOneTypes_HighlightsMatches_AndTheUrlSurvivesAReload()
    {
        await fixture.Fleet.AddAsync("atrium", Now(), "water the tall plants tomorrow");
        await fixture.Fleet.AddAsync("atrium", Now(), "nothing about greenery");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history");

        await window.Page.Locator("#q").PressSequentiallyAsync("tall plant");

        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("#results mark")).ToHaveTextAsync(["tall", "plants"]);
        await Expect(window.Page).ToHaveURLAsync(SearchUrl());
        await window.Page.ReloadAsync();
        await Expect(window.Page.Locator("#q")).ToHaveValueAsync("tall plant");
        await Expect(window.Page.Locator("#results mark")).ToHaveTextAsync(["tall", "plants"]);
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Search_NothingMatches_SaysSoAndOffersTheWayBack()
    {
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?q=zyzzyvaquagga");

        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing matches" })).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Clear everything" }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("/history$"));
    }

    [BrowserFact]
    public async Task Filters_ByDeviceTimeAndStatus_ShowWhatFits()
    {
        await fixture.Fleet.AddAsync("barn", _noon.AddMinutes(-90), "before the hour");
        await fixture.Fleet.AddAsync("barn", _noon.AddMinutes(15), "within the hour");
        await fixture.Fleet.AddAsync("barn", _noon.AddMinutes(20), "");
        await fixture.Fleet.AddAsync("stable", _noon.AddMinutes(16), "another device");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history");

        await window.Page.Locator(".picker summary").ClickAsync();
        await window.Page.GetByRole(AriaRole.Checkbox, new() { Name = "barn", Exact = true }).CheckAsync();
        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(3);

        // The viewer is in Berlin and types Berlin time; the URL says UTC.
        await window.Page.GetByLabel("From").FillAsync("2025-07-14T12:00");
        await window.Page.GetByLabel("From").BlurAsync();
        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(2);
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"from=2025-07-14T10%3A00Z"));

        await window.Page.GetByLabel("Transcribed").CheckAsync();
        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("td.col-text")).ToContainTextAsync("within the hour");
        await window.Page.ReloadAsync();
        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(1);
        await Expect(window.Page.GetByLabel("From")).ToHaveValueAsync("2025-07-14T12:00");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Pages_OlderAndNewer_ShowEachUtteranceOnce()
    {
        for (var i = 0; i < 60; i++)
        {
            await fixture.Fleet.AddAsync("tower", _noon.AddSeconds(i), $"number {i}", seconds: 0.2);
        }

        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?device=tower");
        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(50);
        await Expect(window.Page.Locator("td.col-text").First).ToContainTextAsync("number 59");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(10);
        await Expect(window.Page.Locator("td.col-text").First).ToContainTextAsync("number 9");
        await window.Page.ReloadAsync();
        await Expect(window.Page.Locator("td.col-text").Last).ToContainTextAsync("number 0");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Newer" }).ClickAsync();
        await Expect(window.Page.Locator(Rows)).ToHaveCountAsync(50);
        await Expect(window.Page.Locator("td.col-text").First).ToContainTextAsync("number 59");
    }

    [BrowserFact]
    public async Task Export_OfAFilter_HoldsWhatFitsAndNoFormulas()
    {
        await fixture.Fleet.AddAsync("vault", _noon, "=1+1 is a formula, \"quoted\"");
        await using var window = await fixture.OpenAsync();

        var csv = await (await window.Requests.GetAsync("/history/export.csv?device=vault")).TextAsync();
        var json = await (await window.Requests.GetAsync("/history/export.ndjson?device=vault")).TextAsync();

        csv.ShouldContain("\"'=1+1 is a formula, \"\"quoted\"\"\"");
        csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        json.ShouldContain("\"text\":\"=1+1 is a formula, \\\"quoted\\\"\"");
    }

    [BrowserFact]
    public async Task WithoutJavaScript_HistoryAndLive_Work()
    {
        await fixture.Fleet.AddAsync("cellar", Now(), "plain pages are enough");
        await using var window = await fixture.OpenAsync(script: false);
        await window.Page.GotoAsync("/history");

        await window.Page.Locator("#q").FillAsync("plain enough");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Expect(window.Page.Locator("#results mark")).ToHaveTextAsync(["plain", "enough"]);
        await Expect(window.Page.Locator("td.col-time time").First).ToContainTextAsync("UTC");
        await window.Page.Locator("a.row-link").First.ClickAsync();
        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("plain pages are enough");

        await window.Page.GotoAsync("/live");
        await Expect(window.Page.GetByText("plain pages are enough")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "reload this page" })).ToBeVisibleAsync();
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    [GeneratedRegex(@"/history\?.*q=tall(\+|%20)plant")]
    private static partial Regex SearchUrl();
}
