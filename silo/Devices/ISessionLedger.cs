using Fleet.Contracts.Actors;

namespace Fleet.Silo.Devices;

/// <summary>Where epochs come from: the database decides which install holds a device id and counts its sessions.</summary>
internal interface ISessionLedger
{
    /// <summary>Never throws for a database that is away: the result says so.</summary>
    ValueTask<SessionOpening> OpenAsync(string deviceId, SessionRequest request);

    /// <summary>Current, Superseded, or Unavailable when the database is away.</summary>
    ValueTask<SessionStanding> FindStandingAsync(string deviceId, long sessionEpoch);
}
