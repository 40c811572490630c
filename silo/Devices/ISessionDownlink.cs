using Fleet.Contracts.Actors;

namespace Fleet.Silo.Devices;

/// <summary>How a device's actor reaches the stream of its session, wherever that ends.</summary>
internal interface ISessionDownlink
{
    /// <summary>False when the stream is gone.</summary>
    ValueTask<bool> SendTranscriptAsync(SessionAddress address, TranscriptNotice transcript);

    /// <summary>A newer session has taken over: the stream ends.</summary>
    ValueTask SupersedeAsync(SessionAddress address, long newSessionEpoch);

    /// <summary>Another install is the device from now on: the stream ends.</summary>
    ValueTask ReplaceAsync(SessionAddress address, Guid newInstallId);
}
