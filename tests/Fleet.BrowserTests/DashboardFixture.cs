using Fleet.Testing;
using Microsoft.Playwright;

namespace Fleet.BrowserTests;

/// <summary>PostgreSQL, the dashboard, a fleet that writes, and a browser: started once for all tests of the collection.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _signedIn;

    /// <summary>Of its own, since a test stops it.</summary>
    public TestCluster Cluster { get; private set; } = null!; // Set in InitializeAsync.

    public DashboardProgram Dashboard { get; private set; } = null!; // Set in InitializeAsync.

    public SampleFleet Fleet { get; private set; } = null!; // Set in InitializeAsync.

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null)
        {
            return;
        }

        // Two cores may be building and testing something else: what is slow then is not wrong.
        Assertions.SetDefaultExpectTimeout(15_000);
        Cluster = await TestCluster.StartAsync();
        Fleet = await SampleFleet.CreateAsync(Cluster.Server.OwnerConnectionString());
        Dashboard = await DashboardProgram.StartAsync(Cluster.Server.DashboardConnectionString());
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium.Path,
            ChromiumSandbox = false,
            Args = Chromium.Arguments,
        });
    }

    /// <summary>A dashboard of its own, whose database holds nothing yet; the sign-ins of the shared one hold there too.</summary>
    public async Task<DashboardProgram> StartEmptyDashboardAsync()
    {
        var name = $"empty_{Guid.NewGuid():N}";
        await Cluster.Server.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        await using (await SampleFleet.CreateAsync(Cluster.Server.OwnerConnectionString(name)))
        {
            return await DashboardProgram.StartAsync(Cluster.Server.DashboardConnectionString(name), sharing: Dashboard);
        }
    }

    /// <summary>A dashboard of its own, whose database never answers; the sign-ins of the shared one hold there too.</summary>
    public Task<DashboardProgram> StartDashboardWithoutDatabaseAsync() => // Discard: nobody answers there.
        DashboardProgram.StartAsync("Host=127.0.0.1;Port=9;Database=fleet;Username=fleet_dashboard;Timeout=2", sharing: Dashboard);

    /// <summary>A browser window; signed in unless told otherwise.</summary>
    public async Task<BrowserWindow> OpenAsync(bool signedIn = true, bool script = true, int width = 1440, DashboardProgram? dashboard = null)
    {
        if (signedIn && _signedIn is null)
        {
            await using var first = await OpenAsync(signedIn: false);
            await first.SignInAsync(Dashboard.Password);
            _signedIn = await first.Page.Context.StorageStateAsync();
        }

        return await OpenAsync((dashboard ?? Dashboard).Address, signedIn ? _signedIn : null, script, width);
    }

    /// <summary>A window on a dashboard that somebody else started; nobody is signed in.</summary>
    public Task<BrowserWindow> OpenAsync(Uri address) => OpenAsync(address, signedIn: null, script: true, width: 1440);

    private async Task<BrowserWindow> OpenAsync(Uri address, string? signedIn, bool script, int width)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions // Not null: started in InitializeAsync.
        {
            BaseURL = address.ToString(),
            StorageState = signedIn,
            JavaScriptEnabled = script,
            ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 844 : 900 },
            TimezoneId = "Europe/Berlin",
            Locale = "en-GB",
        });
        return new BrowserWindow(context, await context.NewPageAsync());
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (Dashboard is not null)
        {
            await Dashboard.DisposeAsync();
        }

        if (Fleet is not null)
        {
            await Fleet.DisposeAsync();
        }

        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }
}
