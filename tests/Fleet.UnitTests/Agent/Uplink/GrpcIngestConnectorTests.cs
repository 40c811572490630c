using Fleet.DeviceAgent.Uplink;

namespace Fleet.UnitTests.Agent.Uplink;

public sealed class GrpcIngestConnectorTests
{
    [Fact]
    public void CreateHandler_Pings_NoticeADeadLinkWithinAMinute()
    {
        ServerAddress.TryCreate("http://127.0.0.1:5100", caFile: null, privateNetwork: false, out var server, out var error).ShouldBeTrue(error);

        using var handler = GrpcIngestConnector.CreateHandler(server!); // TryCreate said so.

        (handler.KeepAlivePingDelay + handler.KeepAlivePingTimeout).ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        handler.KeepAlivePingPolicy.ShouldBe(HttpKeepAlivePingPolicy.WithActiveRequests);
    }
}
