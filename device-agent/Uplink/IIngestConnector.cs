namespace Fleet.DeviceAgent.Uplink;

/// <summary>Opens calls of DeviceIngest.Connect. Tests put a cloud of their own here.</summary>
internal interface IIngestConnector
{
    /// <param name="turn">Where there are several addresses: the turn, from 0; the next one tries another address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IngestException">The cloud cannot be reached, or the key not be read.</exception>
    Task<IIngestConnection> ConnectAsync(int turn, CancellationToken cancellationToken);
}
