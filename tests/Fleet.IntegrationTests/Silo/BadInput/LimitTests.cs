using System.Net;
using System.Net.Sockets;
using Fleet.Silo.Hosting;
using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Limits that an operator sets, with small numbers.</summary>
public sealed class LimitTests : SiloTestBase
{
    [PostgresFact]
    public async Task Heartbeats_FasterThanAllowed_EndTheSessionWithTheRate()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Ingest:ControlMessagesPerMinute"] = "120" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        try
        {
            for (var i = 0; i < 200; i++)
            {
                await device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 1 } });
            }
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call ended while it was being sent.
        }

        var status = await device.EndAsync();
        status.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        status.Detail.ShouldBe("More than 120 messages without audio came in a minute; send a Heartbeat every 15000 ms, then connect again.");
        silo.Logs.Errors.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Connections_BeyondTheLimit_AreClosedAndHealthStillAnswers()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Grpc:MaxConnections"] = "2" });
        var limit = silo.Services.GetRequiredService<ConnectionLimit>();
        var endPoint = IPEndPoint.Parse(new Uri(silo.GrpcAddress).Authority);
        using var first = await ConnectAsync(endPoint);
        using var second = await ConnectAsync(endPoint);
        await EventuallyAsync(() => Task.FromResult(limit.OpenCount == 2), "two are open");

        using var third = await ConnectAsync(endPoint);
        (await WasClosedAsync(third)).ShouldBeTrue();

        (await silo.GetAsync("/healthz/ready")).Status.ShouldBe(200);
        silo.Logs.Lines.ShouldContain(line => line.Text.Contains("Fleet:Grpc:MaxConnections", StringComparison.Ordinal));
        first.Dispose();
        second.Dispose();
        await EventuallyAsync(() => Task.FromResult(limit.OpenCount == 0), "none is open");
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
    }

    [PostgresFact]
    public async Task Audio_MoreArrivesAtOnceThanTheSiloMayHold_IsRefusedForNowAndTheRestGoesOn()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?>
        {
            ["Fleet:Ingest:MaxTotalAudioBytes"] = "1048576",
            ["Fleet:Ingest:MaxUtteranceBytes"] = "262144",
        });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var ids = Enumerable.Range(0, 7).Select(_ => BadInputSilo.NewId()).ToList();
        foreach (var id in ids)
        {
            await UtteranceOrderTests.StartAsync(device, id);
        }

        // Six of them are 1,200,000 bytes: an eighth more than the limit.
        foreach (var id in ids)
        {
            await device.SendChunkAsync(id, 0, TestDevice.Pcm(200_000));
        }

        var refused = (await device.NextAsync()).UtteranceRejected.ShouldNotBeNull();
        refused.UtteranceId.ShouldBe(ids[6].ToString("D"));
        refused.Code.ShouldBe(UtteranceRejected.Types.Code.Unavailable);
        refused.Retryable.ShouldBeTrue();
        var tooMany = BadInputSilo.NewId();
        await UtteranceOrderTests.StartAsync(device, tooMany);
        (await device.NextAsync()).UtteranceRejected.ShouldNotBeNull().UtteranceId.ShouldBe(tooMany.ToString("D"));
        foreach (var id in ids.Take(6))
        {
            await device.SendEndAsync(id, 200_000);
        }

        for (var i = 0; i < 6; i++)
        {
            await device.NextAsync(CloudMessage.KindOneofCase.UtteranceStored);
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        return socket;
    }

    private static async Task<bool> WasClosedAsync(Socket socket)
    {
        try
        {
            // The server's settings would come first.
            return await socket.ReceiveAsync(new byte[64]).WaitAsync(TimeSpan.FromSeconds(10)) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
