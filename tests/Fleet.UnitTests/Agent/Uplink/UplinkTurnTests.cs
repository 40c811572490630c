using Fleet.DeviceAgent.Uplink;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>Which silo comes next: a turn is where a device begins to look (see SiloDialer and ServerList).</summary>
public sealed class UplinkTurnTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Drain_TheNextConnection_IsElsewhere()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();

        session.Send(new CloudMessage { Drain = new Drain { WithinMs = 1000, ReconnectJitterMs = 0 } });
        await sut.AdvanceUntilConnectedAsync(_second);

        sut.Cloud.Turns[^1].ShouldBe(sut.Cloud.Turns[0] + 1);
    }

    [Fact]
    public async Task LinkBreaks_TheNextConnection_IsToTheSiloThatMayHaveTheFirstPart()
    {
        await using var sut = new UplinkFixture();
        var session = await sut.ConnectAsync();

        session.Fail(IngestFault.Unavailable);
        await sut.AdvanceUntilConnectedAsync(_second);

        sut.Cloud.Turns[^1].ShouldBe(sut.Cloud.Turns[0]);
    }
}
