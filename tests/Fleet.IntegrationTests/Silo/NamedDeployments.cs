namespace Fleet.IntegrationTests.Silo;

/// <summary>Two deployments, blue and green, at the one endpoint of the test; live speech goes to blue.</summary>
internal static class NamedDeployments
{
    /// <summary><paramref name="settings"/> and those of the two deployments.</summary>
    public static IReadOnlyDictionary<string, string?> With(IReadOnlyDictionary<string, string?>? settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Fleet:Scoring:Deployments:0:Name"] = "blue",
            ["Fleet:Scoring:Deployments:1:Name"] = "green",
            ["Fleet:Scoring:Deployments:1:Weight"] = "0",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
        {
            all[key] = value;
        }

        return all;
    }
}
