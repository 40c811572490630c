using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Membership;

/// <summary>
/// Joins the fleet: waits for the database, takes the lock of the embedded runtime, migrates, registers the lease; then keeps lock and lease. Ends the
/// program when another silo has the database, since two embedded silos would run two actors for one device.
/// </summary>
internal sealed partial class MembershipWorker(
    EmbeddedLock embeddedLock, IActorHost actors, Migrator migrator, SiloLeases leases, SiloStatus status, IOptions<SiloOptions> options,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<MembershipWorker> logger) : BackgroundService
{
    private readonly SiloOptions _options = options.Value;
    private long _renewedTimestamp;
    private long? _databaseAwaySince;
    private volatile bool _hasLeft;

    /// <summary>Ends the lease, as the last thing of a graceful stop; the lock is held until the process ends.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        // An ended lease is not to be replaced by a new one while the rest of the stop runs.
        _hasLeft = true;
        if (status.OwnerEpoch != 0)
        {
            await leases.EndAsync(status.OwnerEpoch, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await TakeLockAsync(stoppingToken) && await JoinAsync(stoppingToken))
            {
                LogReady(status.Name, status.OwnerEpoch);
                await KeepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop.
        }
        catch (SchemaException exception)
        {
            Fail(exception.Message);
        }
        finally
        {
            await embeddedLock.DisposeAsync();
        }
    }

    private async Task<bool> TakeLockAsync(CancellationToken cancellationToken)
    {
        var patienceEnds = time.GetTimestamp();
        while (true)
        {
            try
            {
                var state = await embeddedLock.HoldAsync(cancellationToken);
                DatabaseAnswered();
                if (state == EmbeddedLockState.Held)
                {
                    return true;
                }

                if (state == EmbeddedLockState.HeldByOther && time.GetElapsedTime(patienceEnds) >= _options.LockWait)
                {
                    Fail(actors.IsAlone
                        ? $"Another silo runs on this database ({embeddedLock.Holder}). Stop it, or give this one a database of its own; "
                            + "several silos on one database need Fleet:Runtime=orleans, all of them."
                        : $"An embedded silo runs on this database ({embeddedLock.Holder}). Stop it, and start it again with Fleet:Runtime=orleans like this one.");
                    return false;
                }

                status.SetStarting("Another silo runs on this database; waiting for it to stop.");
            }
            catch (StorageUnavailableException exception)
            {
                // The wait for the lock begins when the database answers.
                patienceEnds = time.GetTimestamp();
                DatabaseIsAway(exception);
            }

            await Task.Delay(_options.LockCheck / 4, time, cancellationToken);
        }
    }

    private async Task<bool> JoinAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                status.SetStarting("The database is being migrated.");
                await migrator.MigrateAsync(cancellationToken);
                status.SetStarting("The silo joins its cluster.");
                await actors.StartAsync(cancellationToken);
                _renewedTimestamp = time.GetTimestamp();
                status.SetMember(await leases.RegisterAsync(status.Name, cancellationToken));
                return true;
            }
            catch (StorageUnavailableException exception)
            {
                DatabaseIsAway(exception);
            }
            catch (ActorHostException exception) when (exception.IsFinal)
            {
                Fail(exception.Message);
                return false;
            }
            catch (ActorHostException exception)
            {
                status.SetStarting(exception.Message);
                LogNotJoined(exception.Message);
            }

            await Task.Delay(_options.LockCheck / 4, time, cancellationToken);
            if (!await TakeLockAsync(cancellationToken))
            {
                return false;
            }
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.LockCheck, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                if (await embeddedLock.HoldAsync(cancellationToken) == EmbeddedLockState.HeldByOther)
                {
                    Fail($"Another silo has taken this database while it was out of reach ({embeddedLock.Holder}).");
                    return;
                }

                await RenewAsync(cancellationToken);
                DatabaseAnswered();
            }
            catch (StorageUnavailableException exception)
            {
                DatabaseIsAway(exception);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogCheckBroken(exception);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (_hasLeft || time.GetElapsedTime(_renewedTimestamp) < leases.Duration / 3)
        {
            return;
        }

        var started = time.GetTimestamp();
        if (!await leases.RenewAsync(status.OwnerEpoch, cancellationToken))
        {
            LogLeaseLost(status.OwnerEpoch);
            status.SetMember(await leases.RegisterAsync(status.Name, cancellationToken));
        }

        _renewedTimestamp = started;
    }

    private void DatabaseAnswered()
    {
        // The writer may have found it first; what was said to be away is said to be back.
        status.SetDatabaseBack();
        if (_databaseAwaySince is { } since)
        {
            _databaseAwaySince = null;
            LogDatabaseBack(time.GetElapsedTime(since));
        }
    }

    private void DatabaseIsAway(StorageUnavailableException exception)
    {
        status.SetStarting(exception.Message);
        status.SetDatabaseAway(exception.Message);
        if (_databaseAwaySince is null)
        {
            _databaseAwaySince = time.GetTimestamp();
            LogDatabaseAway(exception.Message);
        }
    }

    private void Fail(string reason)
    {
        LogFailed(reason);
        status.SetFailed(reason);
        lifetime.StopApplication();
    }
}
