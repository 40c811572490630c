using System.Diagnostics;
using Grpc.Core;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>The loads of a client, written as a user would write them. Each says how many calls or messages it was.</summary>
internal static class ClientLoads
{
    public static Task<int> RunAsync(Bench.BenchClient client, Load load, Chunk chunk, TimeLimit time, LatencyRecorder latencies) => load.Shape switch
    {
        Load.Unary => UnaryAsync(client, load, chunk, time, latencies),
        Load.Upload => UploadAsync(client, chunk, time),
        Load.Download => DownloadAsync(client, load),
        Load.PingPong => PingPongAsync(client, chunk, time, latencies),
        Load.Flood => FloodAsync(client, chunk, time),
        _ => throw new InvalidDataException($"There is no load '{load.Shape}'."),
    };

    private static async Task<int> UnaryAsync(Bench.BenchClient client, Load load, Chunk chunk, TimeLimit time, LatencyRecorder latencies)
    {
        // Each caller on a thread of the pool from its start, as callers in a program are.
        await Task.WhenAll(Enumerable.Range(0, load.Concurrency).Select(_ => Task.Run(async () =>
        {
            while (!time.IsOver)
            {
                var start = Stopwatch.GetTimestamp();
                await client.EchoAsync(chunk);
                latencies.Add(start);
            }
        })));
        return latencies.Count;
    }

    private static async Task<int> UploadAsync(Bench.BenchClient client, Chunk chunk, TimeLimit time)
    {
        using var call = client.Upload();
        var sent = await WriteAsync(call.RequestStream, chunk, time);
        var arrived = await call.ResponseAsync;
        return arrived.Messages == sent
            ? sent
            : throw new InvalidDataException($"{sent} messages were sent and {arrived.Messages} arrived.");
    }

    private static async Task<int> DownloadAsync(Bench.BenchClient client, Load load)
    {
        using var call = client.Download(new Order { PayloadBytes = load.PayloadBytes, Milliseconds = load.Milliseconds });
        return await CountAsync(call.ResponseStream);
    }

    private static async Task<int> PingPongAsync(Bench.BenchClient client, Chunk chunk, TimeLimit time, LatencyRecorder latencies)
    {
        using var call = client.Chat();
        while (!time.IsOver)
        {
            var start = Stopwatch.GetTimestamp();
            await call.RequestStream.WriteAsync(chunk);
            if (!await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                throw new InvalidDataException("The server ended the stream.");
            }

            latencies.Add(start);
        }

        await call.RequestStream.CompleteAsync();
        await CountAsync(call.ResponseStream);
        return latencies.Count;
    }

    private static async Task<int> FloodAsync(Bench.BenchClient client, Chunk chunk, TimeLimit time)
    {
        using var call = client.Chat();
        var reading = Task.Run(() => CountAsync(call.ResponseStream));
        var sent = await Task.Run(() => WriteAsync(call.RequestStream, chunk, time));
        var received = await reading;
        return received == sent ? sent : throw new InvalidDataException($"{sent} messages were sent and {received} came back.");
    }

    private static async Task<int> WriteAsync(IClientStreamWriter<Chunk> requests, Chunk chunk, TimeLimit time)
    {
        var sent = 0;
        while (!time.IsOver)
        {
            await requests.WriteAsync(chunk);
            sent++;
        }

        await requests.CompleteAsync();
        return sent;
    }

    private static async Task<int> CountAsync(IAsyncStreamReader<Chunk> responses)
    {
        var received = 0;
        while (await responses.MoveNext(CancellationToken.None))
        {
            received++;
        }

        return received;
    }
}
