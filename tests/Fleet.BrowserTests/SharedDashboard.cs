namespace Fleet.BrowserTests;

/// <summary>What changes the fleet's state: one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDashboard : ICollectionFixture<DashboardFixture>
{
    public const string Name = "dashboard";
}
