using Fleet.GrpcPeer;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>A server of this flavour that the tests of a class share.</summary>
public sealed class PeerHostFixture : IAsyncLifetime
{
    private PeerHost? _host;

    internal PeerHost Host => _host ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _host = await PeerHost.StartAsync();

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
