using Google.Protobuf;
using Grpc.Core;

namespace Fleet.GrpcPeer;

/// <summary>The Peer service on our server; peers/server.cjs is its twin.</summary>
internal sealed class PeerService(PeerObservations observations) : Peer.PeerBase
{
    public override async Task<Reply> Single(Ask request, ServerCallContext context)
    {
        switch (request.Behaviour)
        {
            case "status":
                throw Failure(request);
            case "throw":
                throw new InvalidOperationException(request.Text);
            case "metadata":
                await context.WriteResponseHeadersAsync(Echo(context.RequestHeaders));
                foreach (var entry in Echo(context.RequestHeaders))
                {
                    context.ResponseTrailers.Add(entry);
                }

                return new Reply { Text = context.Peer };
            case "cancelled":
                return new Reply { Index = observations.Cancelled };
            case "written":
                return new Reply { Index = observations.Written };
            case "double":
                return new Reply { Payload = ByteString.CopyFrom([.. request.Payload.Span, .. request.Payload.Span]) };
            case "compress":
                await CompressAsync(context);
                break;
            case "deadline":
                return new Reply { Text = context.Deadline.ToString("O") };
            case "hang":
                await observations.HangAsync(context.CancellationToken);
                break;
            case "ignore-cancellation":
                await observations.Released.Task;
                break;
        }

        return new Reply { Text = request.Text, Payload = request.Payload };
    }

    public override async Task<Reply> Collect(IAsyncStreamReader<Ask> requestStream, ServerCallContext context)
    {
        Reply reply = new();
        await foreach (var ask in requestStream.ReadAllAsync())
        {
            if (ask.Behaviour == "stand-still")
            {
                await observations.HangAsync(context.CancellationToken);
            }

            reply.Index++;
            reply.Text += ask.Text;
        }

        context.ResponseTrailers.Add("x-trailer", "end");
        return reply;
    }

    public override async Task Expand(Ask request, IServerStreamWriter<Reply> responseStream, ServerCallContext context)
    {
        if (request.Behaviour == "hang")
        {
            await context.WriteResponseHeadersAsync([]);
            await observations.HangAsync(context.CancellationToken);
        }

        if (request.Behaviour is "compress" or "some-compressed")
        {
            await CompressAsync(context);
        }

        for (var index = 0; index < request.Count || request.Behaviour == "endless"; index++)
        {
            responseStream.WriteOptions = request.Behaviour == "some-compressed" && index % 2 == 1 ? new WriteOptions(WriteFlags.NoCompress) : null;
            await responseStream.WriteAsync(new Reply { Text = request.Text, Payload = request.Payload, Index = index }, context.CancellationToken);
            observations.OnWritten();
        }

        if (request.Behaviour == "status")
        {
            throw Failure(request);
        }

        context.ResponseTrailers.Add("x-trailer", "end");
    }

    public override async Task Chat(IAsyncStreamReader<Ask> requestStream, IServerStreamWriter<Reply> responseStream, ServerCallContext context)
    {
        observations.OnChat(context);
        try
        {
            await foreach (var ask in requestStream.ReadAllAsync(context.CancellationToken))
            {
                if (ask.Behaviour == "stand-still")
                {
                    await observations.HangAsync(context.CancellationToken);
                }

                if (ask.Behaviour == "status")
                {
                    throw Failure(ask);
                }

                await responseStream.WriteAsync(new Reply { Text = ask.Text, Payload = ask.Payload, Index = ask.Count });
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            observations.OnCancelled();
            throw;
        }

        context.ResponseTrailers.Add("x-trailer", "end");
    }

    private static RpcException Failure(Ask ask)
    {
        Metadata trailers = new() { { "x-trailer", "end" }, { "x-trailer-bin", [0, 255, 1] } };
        return new RpcException(new Status((StatusCode)ask.Status, ask.Text), trailers);
    }

    private static Task CompressAsync(ServerCallContext context) =>
        context.WriteResponseHeadersAsync(new Metadata { { "grpc-internal-encoding-request", "gzip" } });

    private static Metadata Echo(Metadata headers)
    {
        Metadata echo = [];
        foreach (var entry in headers.Where(entry => entry.Key is "x-echo" or "x-echo-bin"))
        {
            echo.Add(entry);
        }

        return echo;
    }
}
