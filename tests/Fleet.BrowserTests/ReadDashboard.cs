namespace Fleet.BrowserTests;

/// <summary>What looks at pages, with a dashboard, a database and a browser of its own, beside the other collections.</summary>
[CollectionDefinition(Name)]
public sealed class ReadDashboard : ICollectionFixture<DashboardFixture>
{
    public const string Name = "read dashboard";
}
