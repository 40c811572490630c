namespace Fleet.BrowserTests;

/// <summary>What watches pages change, with a dashboard, a database and a browser of its own, beside the other collections.</summary>
[CollectionDefinition(Name)]
public sealed class LiveDashboard : ICollectionFixture<DashboardFixture>
{
    public const string Name = "live dashboard";
}
