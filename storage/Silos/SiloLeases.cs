namespace Fleet.Storage;

/// <summary>The lease by which a silo owns rows; all times are the database's.</summary>
public sealed class SiloLeases(FleetDatabase database)
{
    /// <summary>Registers a silo; its epoch.</summary>
    public Task<long> RegisterAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());

    /// <summary>Renews the lease, also one that has run out (rows that others took meanwhile stay theirs). False: it was ended, or is not known; register again.</summary>
    public Task<bool> RenewAsync(long epoch, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Ends the lease: its rows are free at once.</summary>
    public Task EndAsync(long epoch, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
