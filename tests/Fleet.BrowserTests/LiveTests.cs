using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

[Collection(LiveDashboard.Name)]
public sealed class LiveTests(DashboardFixture fixture)
{
    // A second is what is promised; another one is for a machine that runs other tests at the same time.
    private static readonly LocatorAssertionsToBeVisibleOptions _withinASecond = new() { Timeout = 2_000 };

    [BrowserFact]
    public async Task Live_UtteranceIsStoredThenTranscribed_AppearsWithinASecondAndChangesInPlace()
    {
        await using var window = await OpenLiveAsync();
        var row = window.Page.Locator("#live-feed li", new() { HasText = "porch" });

        var key = await fixture.Fleet.StoreAsync("porch", TimeProvider.System.GetUtcNow());
        await Expect(row).ToBeVisibleAsync(_withinASecond);
        await Expect(row).ToContainTextAsync("Transcribing…");

        await fixture.Fleet.TranscribeAsync(key, "somebody is at the door");
        await Expect(row.GetByText("somebody is at the door")).ToBeVisibleAsync(_withinASecond);
        (await row.CountAsync()).ShouldBe(1);
        await Expect(window.Page.Locator("#live-feed li").First).ToContainTextAsync("somebody is at the door");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Live_ConnectionBreaksAndReturns_MissesNothing()
    {
        await using var window = await OpenLiveAsync();
        await fixture.Fleet.AddAsync("hall", TimeProvider.System.GetUtcNow(), "before the break");
        await Expect(window.Page.Locator("#live-feed").GetByText("before the break")).ToBeVisibleAsync();

        // Offline does not cut a stream that is open: the tab goes to the background and back, as htmx does with its streams.
        await window.SetOfflineAsync(true);
        await window.Page.EvaluateAsync("document.getElementById('live-feed')._htmx.sse.reader.cancel()");
        await Expect(window.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "offline");
        for (var i = 1; i <= 5; i++)
        {
            await fixture.Fleet.AddAsync("hall", TimeProvider.System.GetUtcNow(), $"within the break {i}");
        }

        await window.SetOfflineAsync(false);

        for (var i = 1; i <= 5; i++)
        {
            await Expect(window.Page.Locator("#live-feed").GetByText($"within the break {i}")).ToHaveCountAsync(1);
        }

        await Expect(window.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
    }

    [BrowserFact]
    public async Task Live_HostileText_IsShownAndNotRun()
    {
        const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)><hx-partial hx-target='body'>gone</hx-partial>";
        await using var window = await OpenLiveAsync();

        await fixture.Fleet.AddAsync("mailbox", TimeProvider.System.GetUtcNow(), Hostile);

        await Expect(window.Page.Locator("#live-feed li", new() { HasText = "mailbox" })).ToContainTextAsync(Hostile);
        await window.Page.GotoAsync("/history?device=mailbox");
        await Expect(window.Page.Locator("td.col-text").First).ToContainTextAsync(Hostile);
        (await window.Page.Locator("td.col-text img, td.col-text script").CountAsync()).ShouldBe(0);
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Live_UtteranceIsErased_DisappearsAlsoFromAPageThatIsHeldStill()
    {
        await using var window = await OpenLiveAsync();
        await using var paused = await OpenLiveAsync();
        await using var listener = await OpenLiveAsync();
        var key = await fixture.Fleet.AddAsync("attic", TimeProvider.System.GetUtcNow(), "not for everybody");
        await Expect(listener.Page.Locator("#live-said")).ToContainTextAsync("not for everybody", new() { Timeout = 10_000 });
        await Expect(window.Page.Locator("#live-feed").GetByText("not for everybody")).ToBeVisibleAsync();
        await Expect(paused.Page.Locator("#live-feed").GetByText("not for everybody")).ToBeVisibleAsync();
        await paused.Page.Locator("#live-pause").ClickAsync();

        await fixture.Fleet.EraseAsync(key);

        await Expect(window.Page.Locator("#live-feed").GetByText("not for everybody")).ToHaveCountAsync(0, new() { Timeout = 2_000 });
        await Expect(paused.Page.Locator("#live-feed").GetByText("not for everybody")).ToHaveCountAsync(0, new() { Timeout = 2_000 });
        await Expect(listener.Page.GetByText("not for everybody")).ToHaveCountAsync(0, new() { Timeout = 2_000 });
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Live_ManyViewers_AllSeeTheSameRow()
    {
        await using var first = await OpenLiveAsync();
        await using var second = await OpenLiveAsync();
        var watch = Stopwatch.StartNew();

        await fixture.Fleet.AddAsync("stairs", TimeProvider.System.GetUtcNow(), "seen by everybody");

        await Expect(first.Page.Locator("#live-feed").GetByText("seen by everybody")).ToBeVisibleAsync(_withinASecond);
        await Expect(second.Page.Locator("#live-feed").GetByText("seen by everybody")).ToBeVisibleAsync(_withinASecond);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private async Task<BrowserWindow> OpenLiveAsync()
    {
        var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/live");
        await Expect(window.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        return window;
    }
}
