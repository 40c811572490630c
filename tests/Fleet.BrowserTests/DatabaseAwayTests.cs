using Fleet.Cli.Local.Postgres;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

public sealed class DatabaseAwayTests(DashboardFixture fixture) : IClassFixture<DashboardFixture>
{
    private static readonly LocatorAssertionsToBeVisibleOptions _patient = new() { Timeout = 60_000 }; // a busy machine starts a database slowly

    [BrowserFact]
    public async Task Pages_DatabaseStopsAndComesBack_SaySoAndRecoverByThemselves()
    {
        // Pages come back as soon as the database does, which may be before a new row is there: they are to show what is kept.
        await fixture.Fleet.AddAsync("cave", TimeProvider.System.GetUtcNow(), "before the flood");
        await using var history = await fixture.OpenAsync();
        await using var live = await fixture.OpenAsync();
        await using var search = await fixture.OpenAsync();
        await search.Page.GotoAsync("/history");
        await live.Page.GotoAsync("/live");
        await Expect(live.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");

        await fixture.Cluster.Server.StopAsync(PostgresStopMode.Fast, CancellationToken.None);
        try
        {
            var answer = await history.Page.GotoAsync("/history");
            answer.ShouldNotBeNull().Status.ShouldBe(503);
            await Expect(history.Page.GetByRole(AriaRole.Heading, new() { Name = "The database does not answer" })).ToBeVisibleAsync();
            await Expect(live.Page.Locator("#live-state")).ToHaveTextAsync("Database away", new() { Timeout = 10_000 });
            await search.Page.Locator("#q").PressSequentiallyAsync("flood");
            await Expect(search.Page.GetByRole(AriaRole.Heading, new() { Name = "The database does not answer" })).ToBeVisibleAsync();
            (await history.Requests.GetAsync("/healthz/ready")).Status.ShouldBe(503);
            (await history.Requests.GetAsync("/healthz/live")).Status.ShouldBe(200);
        }
        finally
        {
            await fixture.Cluster.Server.StartAsync(CancellationToken.None);
        }

        await fixture.Fleet.AddAsync("cave", TimeProvider.System.GetUtcNow(), "after the flood");
        await Expect(live.Page.Locator("#live-feed").GetByText("after the flood")).ToBeVisibleAsync(_patient);
        await Expect(live.Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await Expect(history.Page.GetByText("before the flood")).ToBeVisibleAsync(_patient);
        await Expect(search.Page.Locator("#results mark").First).ToHaveTextAsync("flood", new() { Timeout = 60_000 });
    }
}
