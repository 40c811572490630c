using Fleet.BrowserTests.Accessibility;
using Fleet.V1;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

/// <summary>What people decide on a page: try again, erase, replace a machine. All of it works without a script and asks before it cannot be undone.</summary>
[Collection(SharedDashboard.Name)]
public sealed class DecisionTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task TryAgain_WithoutAScript_WaitsForATranscriptAgain()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        var key = await own.Fleet.StoreAsync("porch", Now());
        await own.Fleet.FailAsync(key, "the endpoint answered 424 three times");
        await using var window = await fixture.OpenAsync(script: false, dashboard: own.Dashboard);
        await window.Page.GotoAsync($"/history/porch/{key.UtteranceId}");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(window.Page.Locator(".notice")).ToHaveTextAsync("It waits for a transcript again.");
        await Expect(window.Page.Locator(".badge")).ToHaveTextAsync("Stored");
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToHaveCountAsync(0);
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task TryAgain_SiloAway_SaysSoAndStaysFailed()
    {
        var key = await fixture.Fleet.StoreAsync("balcony", Now());
        await fixture.Fleet.FailAsync(key, "the endpoint answered 424 three times");
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync($"/history/balcony/{key.UtteranceId}");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("It was not tried again. The silo does not answer");
        await Expect(window.Page.Locator(".badge")).ToHaveTextAsync("Failed");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Post_WithoutItsToken_DoesNothing()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        var key = await own.Fleet.AddAsync("porch", Now(), "still here");
        await using var window = await fixture.OpenAsync(dashboard: own.Dashboard);
        var form = window.Requests.CreateFormData();
        form.Set("_handler", "erase");

        var answer = await window.Requests.PostAsync($"/history/porch/{key.UtteranceId}/erase", new() { Form = form });

        answer.Status.ShouldBe(400);
        await window.Page.GotoAsync($"/history/porch/{key.UtteranceId}");
        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("still here");
    }

    [BrowserFact]
    public async Task Erase_AsksOnce_AndIsForGood()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        var key = await own.Fleet.AddAsync("porch", Now(), "nobody shall know");
        var page = $"/history/porch/{key.UtteranceId}";
        await using var window = await fixture.OpenAsync(dashboard: own.Dashboard);
        await window.Page.GotoAsync(page);

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Erase…" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Erase this utterance?" })).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("nobody shall know")).ToBeVisibleAsync();
        await window.Page.ShouldBeAccessibleAsync("erase, asked");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Keep it" }).ClickAsync();
        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("nobody shall know");

        // By keys alone.
        await window.Page.GotoAsync(page + "/erase");
        await window.Page.TabToAsync(window.Page.GetByRole(AriaRole.Button, new() { Name = "Erase it" }));
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Erased" })).ToBeVisibleAsync();
        await window.Page.ShouldBeAccessibleAsync("erase, done");
        window.ShouldHaveNoComplaints();

        (await window.Page.GotoAsync(page)).ShouldNotBeNull().Status.ShouldBe(404);
        await window.Page.GotoAsync("/");
        await Expect(window.Page.Locator(".account-summary")).ToHaveTextAsync("1 spoken, 1 stored, 0 lost, 0 missing");
    }

    [BrowserFact]
    public async Task Conflict_IsShownWithWhatToDo_AndTheInstallCanBeReplaced()
    {
        await using var own = await DecisionFleet.StartAsync(fixture);
        await own.Fleet.AddAsync("kitchen", Now(), "from the first machine");
        await own.Fleet.LoseAsync("kitchen", Now(), UtteranceLost.Types.Reason.Disk);
        await own.Fleet.MissAsync("kitchen", 1);
        var install = await own.Fleet.ContestAsync("kitchen");
        await using var window = await fixture.OpenAsync(dashboard: own.Dashboard);
        await window.Page.GotoAsync("/");

        await Expect(window.Page.Locator(".conflict")).ToContainTextAsync(install.ToString());
        await Expect(window.Page.Locator(".conflict")).ToContainTextAsync("192.0.2.17");
        await window.Page.ShouldBeAccessibleAsync("overview with a conflict, a loss and something missing");
        await window.Page.SetViewportSizeAsync(320, 900);
        (await window.OverflowAsync()).ShouldBeLessThanOrEqualTo(0);
        await window.Page.GotoAsync("/missing");
        await window.Page.ShouldBeAccessibleAsync("missing");

        await window.Page.GotoAsync("/");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Replace… the install of kitchen" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Shall the new machine be kitchen?" })).ToBeVisibleAsync();
        await window.Page.ShouldBeAccessibleAsync("replace, asked");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Replace the machine before" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Replaced" })).ToBeVisibleAsync();

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Go to the overview" }).ClickAsync();
        await Expect(window.Page.Locator("#overview")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".conflict")).ToHaveCountAsync(0);
        window.ShouldHaveNoComplaints();
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
