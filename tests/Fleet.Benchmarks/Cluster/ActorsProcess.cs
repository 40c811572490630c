using System.Globalization;
using Fleet.Benchmarks.Connections;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Benchmarks.Cluster;

/// <summary>A process that wakes actors: each device opens a session, over a connection that it shares with others, and closes it. Ends with its input.</summary>
internal static class ActorsProcess
{
    private const int Connections = 4;
    private const int AtOnce = 16;

    public static int Run()
    {
        GrpcChannel[] channels = [];
        var woken = 0;
        while (Console.In.ReadLine() is { } line)
        {
            var order = PeerJson.Read<ConnectionsOrder>(line);
            if (channels.Length == 0)
            {
                channels = [.. Enumerable.Range(0, Connections).Select(_ => GrpcChannel.ForAddress(order.Address))];
            }

            string? error = null;
            try
            {
                WakeAsync(channels, order, woken).GetAwaiter().GetResult();
                woken += order.More;
            }
            catch (Exception exception) when (exception is RpcException or IOException)
            {
                error = exception.Message;
            }

            Console.WriteLine(PeerJson.Write(new ConnectionsAnswer(woken, 0, 0, error)));
        }

        return 0;
    }

    private static async Task WakeAsync(GrpcChannel[] channels, ConnectionsOrder order, int first)
    {
        Metadata headers = new() { { "authorization", $"Bearer {(await File.ReadAllTextAsync(order.KeyFile)).Trim()}" } };
        await Parallel.ForAsync(0, order.More, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, stopping) =>
        {
            using var call = new DeviceIngest.DeviceIngestClient(channels[i % channels.Length]).Connect(headers, cancellationToken: CancellationToken.None);
            await call.RequestStream.WriteAsync(new DeviceMessage
            {
                Hello = new Hello
                {
                    ProtocolVersion = 1,
                    DeviceId = string.Create(CultureInfo.InvariantCulture, $"actor-{Environment.ProcessId}-{first + i + 1}"),
                    InstallId = Guid.NewGuid().ToString("D"),
                    BootId = Guid.NewGuid().ToString("D"),
                    AgentVersion = "benchmark",
                    NextSequenceNumber = 1,
                    SettledBelow = 1,
                },
            }, stopping);
            await call.ResponseStream.MoveNext(stopping);
            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(stopping))
            {
                // Until the silo has ended the session.
            }
        });
    }
}
