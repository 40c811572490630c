using Fleet.Testing;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

/// <summary>What Fleet is for: somebody speaks at a device, and somebody else reads it in the browser. Every part is the real one.</summary>
[Collection(LiveDashboard.Name)]
public sealed class WholeSystemTests(DashboardFixture fixture) : IDisposable
{
    private readonly string _recordings = Directory.CreateTempSubdirectory("fleet-recordings-").FullName;

    [LongBrowserFact] // Of it, `./fleet up` is in UpTests, and the pages are in the tests beside this one.
    public async Task Recording_PlayedAtADevice_IsFoundInHistory()
    {
        AddSample("conference-recorded.wav");
        AddSample("eight-of-spades.wav");
        await File.WriteAllTextAsync(Path.Combine(_recordings, "notes.wav"), "milk, bread, and a file that is no recording");
        await using var fleet = await LocalFleet.StartAsync("--devices", "3", "--play", _recordings);
        await using var window = await fixture.OpenAsync(fleet.Dashboard);
        await window.SignInAsync(fleet.Password);

        await fleet.Up.WaitForLineAsync("the conference is now being recorded", LocalFleet.Limit);
        await window.Page.GotoAsync("/history?q=recorded");

        await Expect(window.Page.Locator("#results tbody tr")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("td.col-text")).ToHaveTextAsync("the conference is now being recorded");
        await Expect(window.Page.Locator("#results mark")).ToHaveTextAsync("recorded");

        // The agent told the person which file it could not play, and went on.
        await fleet.Up.WaitForLineAsync("eight of spades", LocalFleet.Limit);
        await fleet.Up.WaitForLineAsync("notes.wav", LocalFleet.Limit);
        await window.Page.GotoAsync("/");
        await Expect(window.Page.GetByText("3 of 3 online")).ToBeVisibleAsync();
        window.ShouldHaveNoComplaints();
        (await fleet.InterruptAsync()).ShouldBe(0);
    }

    public void Dispose() => Directory.Delete(_recordings, recursive: true);

    private void AddSample(string name) => File.Copy(Path.Combine(RepositoryPaths.Samples, name), Path.Combine(_recordings, name));
}
