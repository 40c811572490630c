using System.Net;
using System.Text.RegularExpressions;
using Fleet.IntegrationTests.Dashboard.BadInput;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Dashboard;

/// <summary>The Cluster page over a silo that runs alone.</summary>
public sealed partial class ClusterPageTests : SiloTestBase, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-cluster-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresFact]
    public async Task Cluster_ShowsTheSilo_DrainsIt_AndSaysWhenItIsGone()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Silo:Name"] = "kitchen-silo" }, _folder);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await using var command = TestProgram.Start("Fleet.Dashboard", ["password", "--file", Path.Combine(_folder, "password")]);
        (await command.WaitForExitAsync()).ShouldBe(0);
        await using var dashboard = TestProgram.Start("Fleet.Dashboard", environment: new Dictionary<string, string?>
        {
            ["Fleet__Dashboard__Listen"] = "127.0.0.1:0",
            ["Fleet__Dashboard__PasswordFile"] = Path.Combine(_folder, "password"),
            ["Fleet__Dashboard__KeysFolder"] = Path.Combine(_folder, "keys"),
            ["Fleet__Database__ConnectionString"] = Database.DashboardConnectionString,
            ["Fleet__Api__Address"] = silo.GrpcAddress,
            ["Fleet__Api__KeyFile"] = Path.Combine(_folder, "api.key"),
            ["Fleet__Api__TimeoutMilliseconds"] = "10000",
        });
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        client.BaseAddress = new Uri(Address().Match(await dashboard.WaitForLineAsync("Now listening on:")).Value);
        (await SignedInDashboard.SignInAsync(client, command.Lines.Single())).Dispose();

        var page = await client.GetStringAsync(new Uri("/cluster", UriKind.Relative));
        page.ShouldContain("kitchen-silo");
        page.ShouldContain("1 stream");
        page.ShouldContain("runs alone");

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "drain",
            ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value,
            ["Drain"] = "kitchen-silo",
        });
        using var drained = await client.PostAsync(new Uri("/cluster", UriKind.Relative), form);
        drained.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await drained.Content.ReadAsStringAsync()).ShouldContain("drained: takes no devices");
        await device.NextAsync(Fleet.V1.CloudMessage.KindOneofCase.Drain);

        await silo.StopAsync();
        page = await client.GetStringAsync(new Uri("/cluster", UriKind.Relative));
        page.ShouldContain("The silo does not answer");
        page.ShouldContain("stopped");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
