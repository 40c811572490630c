using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>One open call: messages both ways. One writer and one reader at a time.</summary>
internal interface IIngestConnection : IAsyncDisposable
{
    /// <exception cref="IngestException">The call is over.</exception>
    Task SendAsync(DeviceMessage message, CancellationToken cancellationToken);

    /// <summary>Half-closes: nothing more will be sent.</summary>
    /// <exception cref="IngestException">The call is over.</exception>
    Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>What the cloud sends, until it ends the call with OK.</summary>
    /// <exception cref="IngestException">The call ended otherwise.</exception>
    IAsyncEnumerable<CloudMessage> ReadAllAsync(CancellationToken cancellationToken);
}
