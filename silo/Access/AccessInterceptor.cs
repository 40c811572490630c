using Fleet.Silo.Health;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Fleet.Silo.Access;

/// <summary>Stands before every call: who has no credential gets nothing, not even the news that the silo is not ready.</summary>
internal sealed partial class AccessInterceptor(
    Credentials credentials, SiloStatus status, RefusalLogBudget refusals, ILogger<AccessInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        // "/package.Service/Method"
        var serviceName = context.Method.Split('/')[1];
        if (serviceName == HealthService.Name)
        {
            // Like /healthz: whoever balances load asks before it can have a key, and also while the silo is not ready.
            return;
        }

        if (credentials.Check(serviceName, context.RequestHeaders.GetValue("authorization")) is { } refusal)
        {
            if (refusals.TryTake(out var unlogged))
            {
                LogRefused(context.Peer, serviceName, refusal, unlogged);
            }

            throw new RpcException(new Status(StatusCode.Unauthenticated, refusal));
        }

        if ((serviceName == DeviceIngest.Descriptor.FullName ? status.RefusesDevicesBecause : status.RefusesCallsBecause) is { } reason)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, reason));
        }
    }

    [LoggerMessage(EventIds.CredentialRefused, LogLevel.Information, "{Peer} was refused at {Service}: {Reason} ({Unlogged} refusals were not logged since the last one that was.)")]
    private partial void LogRefused(string peer, string service, string reason, long unlogged);
}
