using System.Net;
using System.Text.RegularExpressions;
using Fleet.IntegrationTests.Storage;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Dashboard.BadInput;

/// <summary>The built dashboard as a process, a history of one utterance, and somebody who is signed in.</summary>
public sealed partial class SignedInDashboard : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-dashboard-").FullName;
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false };
    private TestDatabase? _database;
    private TestProgram? _program;

    public SignedInDashboard()
    {
        Client = new HttpClient(_handler);
    }

    /// <summary>Follows no redirect.</summary>
    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress ?? throw new InvalidOperationException("Not initialized.");

    /// <summary>Of the one who is signed in.</summary>
    public string Cookies => _handler.CookieContainer.GetCookieHeader(Address);

    public Guid UtteranceId { get; private set; }

    /// <summary>What it wrote as an error, or about an exception.</summary>
    public IEnumerable<string> Complaints => (_program?.Lines ?? []).Where(line =>
        line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute().Skip is not null)
        {
            return;
        }

        _database = await TestDatabase.CreateAsync();
        await using (var storage = await StorageHost.MigratedAsync(_database.OwnerConnectionString))
        {
            var key = await storage.SayAsync("pi", await storage.OpenSessionAsync("pi"), TimeProvider.System.GetUtcNow(), "turn on the light");
            UtteranceId = key.UtteranceId;
        }

        await using var command = TestProgram.Start("Fleet.Dashboard", ["password", "--file", Path.Combine(_folder, "password")]);
        (await command.WaitForExitAsync()).ShouldBe(0);
        _program = TestProgram.Start(
            "Fleet.Dashboard",
            environment: new Dictionary<string, string?>
            {
                ["DOTNET_ENVIRONMENT"] = null,
                ["ASPNETCORE_ENVIRONMENT"] = null,
                ["Fleet__Dashboard__Listen"] = "127.0.0.1:0",
                ["Fleet__Dashboard__PasswordFile"] = Path.Combine(_folder, "password"),
                ["Fleet__Dashboard__KeysFolder"] = Path.Combine(_folder, "keys"),
                ["Fleet__Database__ConnectionString"] = _database.DashboardConnectionString,
                ["Fleet__Api__Address"] = "http://127.0.0.1:9", // Discard: nobody answers there.
            });
        Client.BaseAddress = new Uri(ListeningOn().Match(await _program.WaitForLineAsync("Now listening on:")).Value);
        using var signedIn = await SignInAsync(Client, command.Lines.Single());
        signedIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    public async Task DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.StopAsync();
            await _program.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }

    /// <summary>Posts the form as a browser does.</summary>
    internal static async Task<HttpResponseMessage> SignInAsync(HttpClient client, string password, string userName = "admin")
    {
        var form = await client.GetStringAsync("/sign-in");
        return await client.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = Token().Match(form).Groups[1].Value,
            ["Input.UserName"] = userName,
            ["Input.Password"] = password,
        }));
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex ListeningOn();

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
