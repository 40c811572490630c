using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>A process that puts load on the Bench service with .NET's client; peers/bench-client.cjs is its twin. Ends with its input.</summary>
internal static class DotNetClient
{
    public static int Run()
    {
        Dictionary<int, GrpcChannel> channels = [];
        LatencyRecorder latencies = new();

        // On the main thread: reading the console would take one of the few threads of the pool.
        while (Console.In.ReadLine() is { } line)
        {
            var load = PeerJson.Read<Load>(line);
            if (!channels.TryGetValue(load.Port, out var channel))
            {
                channels[load.Port] = channel = GrpcChannel.ForAddress($"http://127.0.0.1:{load.Port}");
            }

            Console.WriteLine(PeerJson.Write(Measure(new Bench.BenchClient(channel), load, latencies)));
        }

        return 0;
    }

    private static LoadResult Measure(Bench.BenchClient client, Load load, LatencyRecorder latencies)
    {
        latencies.Clear();
        var chunk = new Chunk { Payload = ByteString.CopyFrom(new byte[load.PayloadBytes]) };
        var before = ProcessUsage.Now();
        var time = TimeLimit.Start(load.Milliseconds);
        try
        {
            var count = ClientLoads.RunAsync(client, load, chunk, time, latencies).GetAwaiter().GetResult();
            var seconds = time.Elapsed.TotalSeconds;
            var used = ProcessUsage.Now().Since(before);
            var (p50, p99) = latencies.Microseconds();
            return new LoadResult(count, seconds, p50, p99, used.CpuMicroseconds, used.AllocatedBytes);
        }
        catch (Exception exception) when (exception is RpcException or InvalidDataException)
        {
            return new LoadResult(0, 0, 0, 0, 0, 0, exception.Message);
        }
    }
}
