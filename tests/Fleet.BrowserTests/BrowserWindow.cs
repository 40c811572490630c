using Microsoft.Playwright;

namespace Fleet.BrowserTests;

/// <summary>One window; everything that its pages complain about is kept, a broken content security policy too.</summary>
public sealed class BrowserWindow : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public BrowserWindow(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        Page.SetDefaultTimeout(10_000);
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        Page.PageError += (_, error) => _complaints.Add($"exception: {error}");
        Page.Dialog += (_, dialog) => _complaints.Add($"dialog: {dialog.Message}");
    }

    public IPage Page { get; }

    public IAPIRequestContext Requests => _context.APIRequest;

    public async Task SignInAsync(string password)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    public Task SetOfflineAsync(bool offline) => _context.SetOfflineAsync(offline);

    /// <summary>How much wider the page is than the window.</summary>
    public Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public void ShouldHaveNoComplaints() => _complaints.ShouldBeEmpty();

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
