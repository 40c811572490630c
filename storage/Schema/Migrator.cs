namespace Fleet.Storage;

/// <summary>Brings the schema to this program's version.</summary>
public sealed class Migrator(FleetDatabase database)
{
    public Task MigrateAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());
}
