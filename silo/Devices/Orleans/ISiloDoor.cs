using Fleet.Contracts.Actors;
using Fleet.Silo.Membership;
using Orleans;
using Orleans.Services;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>What another silo asks of this one, whichever devices it hosts: to reach the streams that end here, and to list its actors.</summary>
[Alias("fleet.ISiloDoor")]
internal interface ISiloDoor : IGrainService
{
    /// <summary>False when the stream is gone.</summary>
    Task<bool> SendTranscriptAsync(Guid sessionId, TranscriptNotice transcript);

    /// <summary>A newer session has taken over: the stream ends.</summary>
    Task SupersedeAsync(Guid sessionId, long newSessionEpoch);

    /// <summary>Another install is the device from now on: the stream ends.</summary>
    Task ReplaceAsync(Guid sessionId, Guid newInstallId);

    /// <summary>The devices whose actor is active here.</summary>
    Task<DevicePresence[]> ListAsync();

    /// <summary>Name, address, version, sessions, actors, and whether it is drained.</summary>
    Task<(string Name, string Address, string Version, int Sessions, int Actors, bool IsDrained)> ReportAsync();

    /// <summary>How much it has to do. Silos before this call was there do not answer it.</summary>
    Task<SiloLoad> LoadAsync();

    /// <summary>The devices go elsewhere and no more are taken, or they are taken again.</summary>
    Task DrainAsync(bool isDrained);
}
