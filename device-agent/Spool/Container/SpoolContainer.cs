using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;

namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>Where an utterance lies and how it is read.</summary>
internal sealed record SpoolContainer(ISpoolDisk Disk, SpoolHeader Header, FileKeys? Keys);
