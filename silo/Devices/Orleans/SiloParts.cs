using System.Net;
using Fleet.Silo.Membership;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>What Orleans' host gets from this program.</summary>
internal sealed record SiloParts(
    FleetDatabase Database, ISessionLedger Ledger, LocalStreams Streams, LocalDevices Local, LocalSilo Self, IOptions<OrleansOptions> Options,
    IOptions<DevicesOptions> Devices, string SiloName, IPAddress Address, TimeProvider Time, ILoggerFactory Loggers, Action<string> OnGivenUp);
