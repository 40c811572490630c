using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Fleet.IntegrationTests.LongestFirst", "Fleet.IntegrationTests")]

namespace Fleet.IntegrationTests;

/// <summary>Starts what takes a minute first: begun last, it would run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] _long = [".Chaos.", ".Cli.", "FaultPoint", "Hang", "Orleans"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(static collection => _long.Any(word => collection.DisplayName.Contains(word, StringComparison.Ordinal)))
            .ThenBy(static collection => collection.DisplayName, StringComparer.Ordinal);
}
