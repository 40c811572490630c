namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Who uses <see cref="BadInputSilo"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSilo : ICollectionFixture<BadInputSilo>
{
    public const string Name = "bad input at the silo";
}
