using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Makes the calls of a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ClientCall<TRequest, TResponse> call = new(channel, method, host, options);
        return new AsyncUnaryCall<TResponse>(
            call.StartSingleResponse(call.CreateContent(request)), Headers, Status, Trailers, Dispose, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ClientCall<TRequest, TResponse> call = new(channel, method, host, options);
        return new AsyncServerStreamingCall<TResponse>(
            call.StartResponseStream(call.CreateContent(request)), Headers, Status, Trailers, Dispose, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        ClientCall<TRequest, TResponse> call = new(channel, method, host, options);
        RequestStreamWriter<TRequest> requests = call.CreateRequestStream(out HttpContent content);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, call.StartSingleResponse(content), Headers, Status, Trailers, Dispose, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        ClientCall<TRequest, TResponse> call = new(channel, method, host, options);
        RequestStreamWriter<TRequest> requests = call.CreateRequestStream(out HttpContent content);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests, call.StartResponseStream(content), Headers, Status, Trailers, Dispose, call);
    }

    private static Task<Metadata> Headers(object call) => ((ClientCall)call).ResponseHeadersAsync;

    private static Status Status(object call) => ((ClientCall)call).GetStatus();

    private static Metadata Trailers(object call) => ((ClientCall)call).GetTrailers();

    private static void Dispose(object call) => ((ClientCall)call).Dispose();
}
