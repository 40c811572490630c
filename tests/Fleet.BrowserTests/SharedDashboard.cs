namespace Fleet.BrowserTests;

/// <summary>One after the other: they share the database server, and a test stops it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDashboard : ICollectionFixture<DashboardFixture>
{
    public const string Name = "dashboard";
}
