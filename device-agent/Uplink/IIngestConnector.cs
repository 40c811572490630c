namespace Fleet.DeviceAgent.Uplink;

/// <summary>Opens calls of DeviceIngest.Connect. Tests put a cloud of their own here.</summary>
internal interface IIngestConnector
{
    /// <exception cref="IngestException">The cloud cannot be reached, or the key not be read.</exception>
    Task<IIngestConnection> ConnectAsync(CancellationToken cancellationToken);
}
