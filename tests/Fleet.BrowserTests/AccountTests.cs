using System.Text.RegularExpressions;
using Fleet.V1;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

/// <summary>What became of everything that was spoken, in words and figures, and what was lost.</summary>
[Collection(SharedDashboard.Name)]
public sealed class AccountTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task Overview_LostAndMissing_AreCountedForTheFleetAndForEachDevice()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        await own.Fleet.AddAsync("kitchen", Now(), "one");
        await own.Fleet.AddAsync("kitchen", Now(), "two");
        await own.Fleet.LoseAsync("kitchen", Now(), UtteranceLost.Types.Reason.SpoolFull);
        await own.Fleet.AddAsync("hall", Now(), "three");
        await using var window = await fixture.OpenAsync(dashboard: own.Dashboard);

        await window.Page.GotoAsync("/");
        await Expect(window.Page.Locator(".account-summary")).ToHaveTextAsync("4 spoken, 3 stored, 1 lost (spool full), 0 missing");
        await Expect(Row(window, "hall")).ToContainTextAsync("1 spoken, 1 stored, 0 lost, 0 missing");

        // Without a reload, and what is missing is first.
        await own.Fleet.MissAsync("hall", 2);
        await Expect(window.Page.Locator(".account-summary")).ToHaveTextAsync("6 spoken, 3 stored, 1 lost (spool full), 2 missing");
        await Expect(window.Page.Locator(".device-row").First).ToContainTextAsync("3 spoken, 1 stored, 0 lost, 2 missing");
        await window.Page.Locator(".account-summary").GetByRole(AriaRole.Link, new() { Name = "2 missing" }).ClickAsync();
        await Expect(window.Page.Locator(".missing-range")).ToContainTextAsync(new Regex("hall.*Numbers 2 to 3.*2 utterances", RegexOptions.Singleline));

        await window.Page.GotoAsync("/missing?device=kitchen");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing is missing" })).ToBeVisibleAsync();
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Lost_InHistoryOnItsPageAndInExports_SaysWhyAndHasNoPlayer()
    {
        var key = await fixture.Fleet.LoseAsync("lost-room", Now(), UtteranceLost.Types.Reason.SpoolFull);
        await fixture.Fleet.LoseAsync("lost-room", Now(), UtteranceLost.Types.Reason.Expired, seconds: 2.5);
        await using var window = await fixture.OpenAsync();

        await window.Page.GotoAsync("/history?device=lost-room");
        var rows = window.Page.Locator("#results tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Filter(new() { HasText = "spool full" })).ToContainTextAsync("length not known");
        await Expect(rows.Filter(new() { HasText = "too long in the spool" })).ToContainTextAsync("2.5 s");
        await Expect(window.Page.Locator("#results [data-play]")).ToHaveCountAsync(0);

        await window.Page.GotoAsync($"/history/lost-room/{key.UtteranceId}");
        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("Lost on the device: spool full.");
        await Expect(window.Page.Locator(".badge")).ToHaveTextAsync("Lost");
        await Expect(window.Page.Locator("article audio")).ToHaveCountAsync(0);
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToHaveCountAsync(0);

        var csv = await (await window.Requests.GetAsync("/history/export.csv?device=lost-room")).TextAsync();
        csv.ShouldContain(",,lost,,,Lost on the device: spool full.,");
        csv.ShouldContain(",2500,lost,,,Lost on the device: too long in the spool.,");
        var lines = await (await window.Requests.GetAsync("/history/export.ndjson?device=lost-room")).TextAsync();
        lines.Split('\n').Count(line => line.Contains("\"status\":\"lost\"", StringComparison.Ordinal)).ShouldBe(2);
        lines.Split('\n').Count(line => line.Contains("\"duration_ms\"", StringComparison.Ordinal)).ShouldBe(1);
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Time_OfAnotherClockThanTheOrdinary_IsMarked()
    {
        await fixture.Fleet.TranscribeAsync(await fixture.Fleet.StoreAsync("sundial", Now()), "by the ordinary clock");
        var key = await fixture.Fleet.StoreAsync("sundial", Now(), clock: Clock.Corrected);
        await fixture.Fleet.TranscribeAsync(key, "before the time was known");
        await using var window = await fixture.OpenAsync();

        await window.Page.GotoAsync("/history?device=sundial");
        await Expect(window.Page.Locator(".clock-mark")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("#results tbody tr").Filter(new() { HasText = "before the time" })).ToContainTextAsync("corrected");

        await window.Page.GotoAsync($"/history/sundial/{key.UtteranceId}");
        await Expect(window.Page.Locator(".page-head")).ToContainTextAsync("(recorded before the device knew the time; corrected)");
        (await (await window.Requests.GetAsync("/history/export.csv?device=sundial")).TextAsync()).ShouldContain(",corrected,,,\r\n");
        window.ShouldHaveNoComplaints();
    }

    private static ILocator Row(BrowserWindow window, string device) => window.Page.Locator(".device-row").Filter(new() { HasText = device });

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
