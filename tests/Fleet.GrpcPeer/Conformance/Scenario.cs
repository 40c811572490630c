using Grpc.Net.Client;

namespace Fleet.GrpcPeer.Conformance;

/// <summary>One thing that a client of ours and every server must agree about.</summary>
/// <param name="Name">Its name, which is also what a test is called by.</param>
/// <param name="NeedsDotNetServer">grpc-js has no server that does it.</param>
/// <param name="Run">Calls the server and throws when it is not as it should be.</param>
internal sealed record Scenario(string Name, bool NeedsDotNetServer, Func<Peer.PeerClient, Task> Run)
{
    // Only against waiting for ever: ten thousand calls take a second or two, and a minute on a machine that has much else to do.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(90);

    public Task RunAsync(GrpcChannel channel) => Run(PeerHost.CreateClient(channel)).WaitAsync(_limit);

    /// <summary>Null when all is well, else what is not.</summary>
    public async Task<string?> TryAsync(GrpcChannel channel)
    {
        try
        {
            await RunAsync(channel);
            return null;
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }
}
