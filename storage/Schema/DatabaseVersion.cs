namespace Fleet.Storage;

/// <summary>For programs that only read: whether the schema is there and fits this program.</summary>
public sealed class DatabaseVersion(FleetDatabase database)
{
    /// <summary>What the state is now.</summary>
    public Task<SchemaState> CheckAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());

    /// <summary>Waits, for as long as it takes, until the database is there and migrated; a newer schema than this program knows ends it with a <see cref="SchemaException"/>.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
