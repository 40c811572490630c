using System.Net;
using System.Net.Sockets;
using Fleet.Testing;
using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>More than anybody needs: of messages, of calls, of connections.</summary>
[Collection(SharedSilo.Name)]
public sealed class FloodTests(BadInputSilo fixture)
{
    [PostgresFact]
    public Task TinyChunks_TwentyThousand_AreOneUtterance() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = BadInputSilo.NewId();
        await UtteranceOrderTests.StartAsync(device, id);

        for (var i = 0; i < 20_000; i++)
        {
            await device.SendChunkAsync(id, 2 * i, new byte[2]);
        }

        await device.SendEndAsync(id, 40_000);
        await device.StoredAsync(id);
    });

    [PostgresFact]
    public Task Heartbeats_WithoutReadingTheAnswers_EndTheSession() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        using var device = new RawDevice(silo);
        await device.SendAsync(new DeviceMessage { Hello = RawDevice.NewHello() });
        var heartbeat = new DeviceMessage { Heartbeat = new Heartbeat { Nonce = ulong.MaxValue } }.ToByteArray();

        // What nobody reads fills the windows of the connection first, then the outbox.
        for (var i = 0; i < 200_000 && await device.TrySendAsync(heartbeat); i++)
        {
        }

        var status = await device.EndAsync();
        if (status.StatusCode != StatusCode.Cancelled)
        {
            // Cancelled: for two more seconds it did not even read this.
            status.ShouldBe(new Status(StatusCode.Unavailable, "The device did not read 256 messages; read the stream, then connect again."));
        }

        await SiloTestBase.EventuallyAsync(() => Task.FromResult(fixture.Sessions.Count == 1), "only the other device has a session");
    });

    [PostgresFact]
    public Task Calls_AThousandWithoutTheKey_AreRefused() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var channel = silo.NewChannel();
            for (var i = 0; i < 100; i++)
            {
                using var device = new RawDevice(silo, channel, i % 2 == 0 ? "Bearer guess" : "Basic Zm9vOmJhcg==");
                var status = await device.EndAsync();
                status.StatusCode.ShouldBe(StatusCode.Unauthenticated);
                status.Detail.ShouldContain("join key");
                Interlocked.Increment(ref refused);
            }
        }));

        refused.ShouldBe(1_000);
        fixture.Sessions.Count.ShouldBe(1);
    });

    [PostgresFact]
    public async Task Connections_HundredsThatSayNothing_CostTheOthersNothing()
    {
        var endPoint = IPEndPoint.Parse(new Uri(fixture.Silo.GrpcAddress).Authority);
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 400; i++)
            {
                var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(endPoint);
            }

            await fixture.WhileAnotherSpeaksAsync(_ => Task.CompletedTask);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }
}
