namespace Fleet.BrowserTests;

/// <summary>A fleet of its own with a silo's API: database, who writes, silo, dashboard. Its figures are not those of other tests.</summary>
public sealed record DecisionFleet(SampleFleet Fleet, SiloStub Silo, DashboardProgram Dashboard) : IAsyncDisposable
{
    public static async Task<DecisionFleet> StartAsync(DashboardFixture fixture)
    {
        ArgumentNullException.ThrowIfNull(fixture);
        var name = $"decision_{Guid.NewGuid():N}";
        await fixture.Cluster.Server.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        var fleet = await SampleFleet.CreateAsync(fixture.Cluster.Server.OwnerConnectionString(name));
        var silo = await fleet.StartSiloAsync();
        return new DecisionFleet(
            fleet, silo, await DashboardProgram.StartAsync(fixture.Cluster.Server.DashboardConnectionString(name), sharing: fixture.Dashboard, silo: silo.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await Dashboard.DisposeAsync();
        await Silo.DisposeAsync();
        await Fleet.DisposeAsync();
    }
}
