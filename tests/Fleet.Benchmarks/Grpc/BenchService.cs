using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>The Bench service in .NET, written as a user would; peers/bench-server.cjs is its twin.</summary>
internal sealed class BenchService : Bench.BenchBase
{
    public override Task<Chunk> Echo(Chunk request, ServerCallContext context) => Task.FromResult(request);

    public override async Task<Count> Upload(IAsyncStreamReader<Chunk> requestStream, ServerCallContext context)
    {
        var count = new Count();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            count.Messages++;
        }

        return count;
    }

    public override async Task Download(Order request, IServerStreamWriter<Chunk> responseStream, ServerCallContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var chunk = new Chunk { Payload = ByteString.CopyFrom(new byte[request.PayloadBytes]) };
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < request.Milliseconds)
        {
            await responseStream.WriteAsync(chunk);
        }
    }

    public override async Task Chat(IAsyncStreamReader<Chunk> requestStream, IServerStreamWriter<Chunk> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }
}
