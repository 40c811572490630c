using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.BrowserTests;

[Collection(ReadDashboard.Name)]
public sealed class AudioTests(DashboardFixture fixture)
{
    [BrowserFact]
    public async Task Play_InHistory_PlaysTheWholeUtterance()
    {
        await fixture.Fleet.AddAsync("studio", TimeProvider.System.GetUtcNow(), "listen to this", seconds: 2.5);
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?device=studio");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Play" }).ClickAsync();

        await Expect(window.Page.Locator("#player")).ToBeVisibleAsync();
        await window.Page.WaitForFunctionAsync(
            "() => { const a = document.querySelector('#player audio'); return a.readyState === 4 && a.currentTime > 0 && Math.abs(a.duration - 2.5) < 0.01; }");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Detail_OfAnUtterance_ShowsItsFactsAndItsSound()
    {
        await fixture.Fleet.AddAsync("booth", TimeProvider.System.GetUtcNow(), "everything about me", seconds: 1.25);
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync("/history?device=booth");
        await window.Page.Locator("a.row-link").ClickAsync();

        await Expect(window.Page.Locator("blockquote")).ToHaveTextAsync("everything about me");
        await Expect(window.Page.Locator(".facts")).ToContainTextAsync("pocketsphinx");
        await window.Page.WaitForFunctionAsync("() => Math.abs(document.querySelector('.audio-row audio').duration - 1.25) < 0.01");
        window.ShouldHaveNoComplaints();
    }

    [BrowserFact]
    public async Task Audio_WithARange_IsPartOfACorrectWav()
    {
        var key = await fixture.Fleet.AddAsync("range", TimeProvider.System.GetUtcNow(), "a part of me", seconds: 1);
        await using var window = await fixture.OpenAsync();
        var url = $"/audio/{key.DeviceId}/{key.UtteranceId}.wav";

        var whole = await window.Requests.GetAsync(url);
        var part = await window.Requests.GetAsync(url, new() { Headers = new Dictionary<string, string> { ["Range"] = "bytes=0-43" } });
        var none = await window.Requests.GetAsync($"/audio/{key.DeviceId}/{Guid.CreateVersion7()}.wav");

        var bytes = await whole.BodyAsync();
        bytes.Length.ShouldBe(44 + 32_000);
        BitConverter.ToInt32(bytes, 40).ShouldBe(32_000);
        whole.Headers["content-type"].ShouldBe("audio/wav");
        whole.Headers["cache-control"].ShouldBe("private, no-store");
        part.Status.ShouldBe(206);
        part.Headers["content-range"].ShouldBe("bytes 0-43/32044");
        (await part.BodyAsync()).ShouldBe(bytes[..44]);
        none.Status.ShouldBe(404);
    }
}
