using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

[Collection(SharedDashboard.Name)]
public sealed class SignInTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task SignIn_WrongThenRight_SaysNothingSpecificThenOpensThePageThatWasAsked()
    {
        await using var window = await fixture.OpenAsync(signedIn: false);
        await window.Page.GotoAsync("/history?q=lights");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        await window.Page.GetByLabel("Password").FillAsync("wrong");
        await window.Page.GetByLabel("Password").PressAsync("Enter");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("User name or password is wrong.");

        await window.Page.GetByLabel("Password").FillAsync(fixture.Dashboard.Password);
        await window.Page.GetByLabel("Password").PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"/history\?q=lights$"));
        await Expect(window.Page.Locator("#q")).ToHaveValueAsync("lights");
    }

    [BrowserFact]
    public async Task EveryRoute_WithoutSignIn_IsClosed()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = fixture.Dashboard.Address };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        var id = Guid.CreateVersion7();
        foreach (var path in new[] { "/", "/live", "/history", $"/history/kitchen/{id}", "/nothing-here" })
        {
            using var page = await client.GetAsync(path);
            page.StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
            page.Headers.Location.ShouldNotBeNull().ToString().ShouldContain("/sign-in?returnUrl=");
        }

        client.DefaultRequestHeaders.Clear();
        foreach (var path in new[] { "/live/stream?after=0", $"/audio/kitchen/{id}.wav", "/history/export.csv", "/history/export.ndjson" })
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [BrowserFact]
    public async Task EveryAnswer_CarriesStrictHeaders_AndStrictCookies()
    {
        using var client = new HttpClient { BaseAddress = fixture.Dashboard.Address };

        using var answer = await client.GetAsync("/sign-in");

        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Frame-Options").ShouldHaveSingleItem().ShouldBe("DENY");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldHaveSingleItem().ShouldBe("nosniff");
        answer.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie =>
            cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase) && cookie.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase));
        answer.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
    }

    [BrowserFact]
    public async Task NewPassword_WhileSignedIn_EndsTheOldSignIn_AndGuessingIsSlowedDown()
    {
        await using var dashboard = await DashboardProgram.StartAsync(fixture.Cluster.Server.DashboardConnectionString());
        await using var window = await fixture.OpenAsync(signedIn: false, dashboard: dashboard);
        var old = dashboard.Password;
        await window.SignInAsync(old);
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();

        await dashboard.ChangePasswordAsync();

        await window.Page.GotoAsync("/live");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        for (var guess = 0; guess < 5; guess++)
        {
            await EnterAsync(window, old, HttpStatusCode.Unauthorized);
        }

        await EnterAsync(window, dashboard.Password, HttpStatusCode.TooManyRequests);
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Too many attempts");
    }

    private static async Task EnterAsync(BrowserWindow window, string password, HttpStatusCode expected)
    {
        await window.Page.GetByLabel("Password").FillAsync(password);
        var answer = await window.Page.RunAndWaitForResponseAsync(
            () => window.Page.GetByLabel("Password").PressAsync("Enter"), response => response.Request.Method == "POST");
        ((HttpStatusCode)answer.Status).ShouldBe(expected);
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task SignOut_FromAPage_ClosesIt()
    {
        await using var window = await fixture.OpenAsync(signedIn: false);
        await window.SignInAsync(fixture.Dashboard.Password);

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await window.Page.GotoAsync("/");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        window.ShouldHaveNoComplaints();
    }
}
