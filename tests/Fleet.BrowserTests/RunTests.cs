using Fleet.BrowserTests.Accessibility;
using Fleet.V1;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

/// <summary>History through another deployment, and deployments that are away, as pages show them.</summary>
[Collection(SharedDashboard.Name)]
public sealed class RunTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task Run_ItsWordsAreCompared_AndPromotedTheyAreWhatHistoryShows()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        var key = await own.Fleet.AddAsync("porch", Now(), "turn of the light in the hall");
        await own.Fleet.AddAsync("porch", Now(), "good night <b>everybody</b>");
        await own.Fleet.RetranscribeAsync("green", text => text.Replace("of the light", "off the lights", StringComparison.Ordinal));
        await using var window = await fixture.OpenAsync(dashboard: own.Dashboard);

        await window.Page.GotoAsync($"/history/porch/{key.UtteranceId}");
        var versions = window.Page.Locator(".panel", new() { HasText = "Versions" });
        await Expect(versions.Locator("del")).ToHaveTextAsync(["of", "light"]);
        await Expect(versions.Locator("ins")).ToHaveTextAsync(["off", "lights"]);
        await Expect(versions).ToContainTextAsync("wav2vec2 · wav2vec2-large · 93 %");
        await window.Page.ShouldBeAccessibleAsync("an utterance with versions");

        await window.Page.GotoAsync("/history");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Runs" }).ClickAsync();
        await Expect(window.Page.Locator("#runs")).ToContainTextAsync("1; 2 of 10 words (20.0 %)");
        await Expect(window.Page.Locator("#runs")).ToContainTextAsync("by anna");
        await window.Page.ShouldBeAccessibleAsync("runs, one is finished");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        await Expect(window.Page.Locator("#runs")).ToContainTextAsync("becomes what history shows");
        await own.Fleet.CarryOutAsync();

        await window.Page.ReloadAsync();
        await Expect(window.Page.Locator("#runs")).ToContainTextAsync("promoted");
        await window.Page.GotoAsync($"/history/porch/{key.UtteranceId}");
        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("turn off the lights in the hall");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Runs_None_SaysHowToStartOne()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        await using var window = await fixture.OpenAsync(dashboard: own.Dashboard);

        await window.Page.GotoAsync("/history/runs");

        await Expect(window.Page.Locator("#runs")).ToContainTextAsync("./fleet cli retranscribe");
        await window.Page.ShouldBeAccessibleAsync("runs, none");
    }

    [BrowserFact]
    public async Task Deployment_Away_IsSaidOnOverviewAndCluster_UntilItAnswers()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        var blue = new DeploymentInfo { Name = "blue", Weight = 100, Limit = 4, AwayBecause = "It answered 503 (service unavailable)." };
        var green = new DeploymentInfo { Name = "green", Limit = 2, InFlight = 1 };
        own.Silo.Deployments = [blue];
        await using var window = await fixture.OpenAsync(dashboard: own.Dashboard);
        await window.Page.GotoAsync("/");

        await Expect(window.Page.Locator("#transcriber-away")).ToContainTextAsync("The scoring endpoint is away.");
        await Expect(window.Page.Locator("#transcriber-away")).ToContainTextAsync("silo-1, deployment blue: It answered 503");
        await window.Page.ShouldBeAccessibleAsync("overview, the endpoint is away");
        own.Silo.Deployments = [blue, green];
        await Expect(window.Page.Locator("#transcriber-away")).ToContainTextAsync("Other deployments stand in.", new() { Timeout = 20_000 });

        await window.Page.GotoAsync("/cluster");
        await Expect(window.Page.Locator("#cluster")).ToContainTextAsync("3 utterances wait");
        await Expect(window.Page.Locator("#cluster")).ToContainTextAsync("green, weight 0: answers, 1 of 2 calls under way");
        await Expect(window.Page.Locator("#cluster")).ToContainTextAsync("away: It answered 503");
        await window.Page.ShouldBeAccessibleAsync("cluster, a deployment is away");

        own.Silo.Deployments = [green];
        await window.Page.GotoAsync("/");
        await Expect(window.Page.Locator("#transcriber-away")).ToHaveCountAsync(0, new() { Timeout = 20_000 });
        window.ShouldHaveNoComplaints();
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
