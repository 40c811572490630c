using Fleet.Silo.Telemetry;

namespace Fleet.Silo.Membership;

internal sealed partial class MembershipWorker
{
    [LoggerMessage(EventIds.SiloReady, LogLevel.Information, "Silo {Name} is ready (owner epoch {Epoch}).")]
    private partial void LogReady(string name, long epoch);

    [LoggerMessage(EventIds.DatabaseAway, LogLevel.Warning, "The silo waits for the database: {Reason}")]
    private partial void LogDatabaseAway(string reason);

    [LoggerMessage(EventIds.DatabaseBack, LogLevel.Information, "The database is there again after {AwayFor}.")]
    private partial void LogDatabaseBack(TimeSpan awayFor);

    [LoggerMessage(EventIds.ActorsNotStarted, LogLevel.Warning, "The silo tries again to join its cluster: {Reason}")]
    private partial void LogNotJoined(string reason);

    [LoggerMessage(EventIds.CheckBroken, LogLevel.Error, "Lock and lease could not be looked at; the next look tries again.")]
    private partial void LogCheckBroken(Exception exception);

    [LoggerMessage(EventIds.LeaseLost, LogLevel.Warning, "The lease of owner epoch {Epoch} was ended by somebody else; the silo registers anew.")]
    private partial void LogLeaseLost(long epoch);

    [LoggerMessage(EventIds.LockHeldElsewhere, LogLevel.Critical, "The silo stops: {Reason}")]
    private partial void LogFailed(string reason);
}
