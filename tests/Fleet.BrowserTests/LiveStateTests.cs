using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

/// <summary>What the live page says about itself: held, cut off, offline, signed out; and what it says aloud.</summary>
[Collection(LiveDashboard.Name)]
public sealed class LiveStateTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task Pause_RowsArrive_TheyWaitForResume()
    {
        await using var window = await OpenLiveAsync();
        var pause = window.Page.Locator("#live-pause");
        await pause.ClickAsync();
        await Expect(pause).ToHaveAttributeAsync("aria-pressed", "true");

        var key = await fixture.Fleet.StoreAsync("belfry", Now());
        await fixture.Fleet.TranscribeAsync(key, "held back for a while");
        await fixture.Fleet.AddAsync("belfry", Now(), "this one too");

        // What changed twice counts once.
        await Expect(pause).ToHaveTextAsync("Resume: 2 changes");
        await Expect(window.Page.GetByText("held back for a while")).ToHaveCountAsync(0);

        await pause.ClickAsync();
        await Expect(window.Page.Locator("#live-feed").GetByText("held back for a while")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("#live-feed").GetByText("this one too")).ToHaveCountAsync(1);
        await Expect(pause).ToHaveTextAsync("Pause");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Connection_Away_ShowsSinceWhen_AndForgetsItAfterwards()
    {
        await using var window = await OpenLiveAsync();
        var stale = window.Page.Locator("#live-stale");
        await Expect(stale).ToBeHiddenAsync();

        await window.SetOfflineAsync(true);
        await CutAsync(window.Page);

        await Expect(window.Page.Locator("#live-state")).ToHaveTextAsync("You are offline");
        await Expect(stale).ToBeVisibleAsync();
        await Expect(stale.Locator("time")).ToHaveTextAsync(new Regex("sec"));
        await window.SetOfflineAsync(false);
        await Expect(window.Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await Expect(stale).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Dashboard_FallsSilent_PageNoticesAndComesBack()
    {
        await using var dashboard = await DashboardProgram.StartAsync(fixture.Cluster.Server.DashboardConnectionString(), fixture.Dashboard, heartbeatSeconds: 1);
        await using var window = await fixture.OpenAsync(dashboard: dashboard);
        await window.Page.GotoAsync("/live");
        await Expect(window.Page.Locator("#live-state")).ToHaveTextAsync("Live");

        dashboard.Freeze();
        try
        {
            await Expect(window.Page.Locator("#live-state")).ToHaveTextAsync("Reconnecting…");
            await Expect(window.Page.Locator("#live-stale")).ToBeVisibleAsync();
            await Expect(window.Page.Locator("#live-stale")).ToContainTextAsync("ago");
        }
        finally
        {
            dashboard.Thaw();
        }

        await Expect(window.Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await Expect(window.Page.Locator("#live-stale")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Overview_DashboardFallsSilent_SaysHowOldItIs()
    {
        await using var dashboard = await DashboardProgram.StartAsync(fixture.Cluster.Server.DashboardConnectionString(), fixture.Dashboard);
        await using var window = await fixture.OpenAsync(dashboard: dashboard);
        await window.Page.Clock.InstallAsync();
        await window.Page.GotoAsync("/");
        await Expect(window.Page.Locator("#overview-stale")).ToBeHiddenAsync();

        dashboard.Freeze();
        try
        {
            await window.Page.Clock.FastForwardAsync(16_000);
            await Expect(window.Page.Locator("#overview-stale")).ToBeVisibleAsync();
            await Expect(window.Page.Locator("#overview-stale")).ToHaveTextAsync(new Regex(@"This is how it was \d+ sec"));
        }
        finally
        {
            dashboard.Thaw();
        }

        await window.Page.Clock.RunForAsync(10_000);
        await Expect(window.Page.Locator("#overview-stale")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Transcripts_Arrive_AreSaidInOneSentence()
    {
        await using var window = await OpenLiveAsync();
        await Expect(window.Page.Locator("#live-feed")).Not.ToHaveAttributeAsync("aria-live", new Regex("."));

        for (var i = 1; i <= 3; i++)
        {
            await fixture.Fleet.AddAsync("choir", Now(), $"sung by all {i}");
        }

        await Expect(window.Page.Locator("#live-said")).ToContainTextAsync("choir: sung by all 3");
    }

    [BrowserFact]
    public async Task SignIn_EndsWhileThePageIsOpen_FormSaysWhyItIsThere()
    {
        await using var dashboard = await DashboardProgram.StartAsync(fixture.Cluster.Server.DashboardConnectionString());
        await using var window = await fixture.OpenAsync(signedIn: false, dashboard: dashboard);
        await window.SignInAsync(dashboard.Password);
        await Expect(window.Page).ToHaveTitleAsync("Overview · Fleet");
        await window.Page.GotoAsync("/live");
        await Expect(window.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");

        await dashboard.ChangePasswordAsync();
        await CutAsync(window.Page);

        await Expect(window.Page.GetByText("Your sign-in has ended")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Password").FillAsync(dashboard.Password);
        await window.Page.GetByLabel("Password").PressAsync("Enter");
        await Expect(window.Page).ToHaveTitleAsync("Live · Fleet");
    }

    private static async Task CutAsync(IPage page) => await page.EvaluateAsync("document.getElementById('live-feed')._htmx.sse.reader.cancel()");

    private async Task<BrowserWindow> OpenLiveAsync()
    {
        var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/live");
        await Expect(window.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        return window;
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
