using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>A call on a connection of its own: a stalled stream takes the flow-control window of its whole connection with it.</summary>
internal sealed class GrpcIngestConnection(GrpcChannel channel, AsyncDuplexStreamingCall<DeviceMessage, CloudMessage> call)
    : IIngestConnection
{
    public async Task SendAsync(DeviceMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(message, cancellationToken);
        }
        catch (Exception ex) when (Translate(ex, cancellationToken) is { } fault)
        {
            throw fault;
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.CompleteAsync().WaitAsync(cancellationToken);
        }
        catch (Exception ex) when (Translate(ex, cancellationToken) is { } fault)
        {
            throw fault;
        }
    }

    public async IAsyncEnumerable<CloudMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await MoveNextAsync(cancellationToken))
        {
            yield return call.ResponseStream.Current;
        }
    }

    public ValueTask DisposeAsync()
    {
        call.Dispose();
        channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellationToken);
        }
        catch (Exception ex) when (Translate(ex, cancellationToken) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>The one place where statuses of gRPC become what the uplink knows. Null: not a fault of the call.</summary>
    private static Exception? Translate(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        RpcException when cancellationToken.IsCancellationRequested => new OperationCanceledException(cancellationToken),
        RpcException rpc => new IngestException(FaultOf(rpc.StatusCode), Describe(rpc), rpc),
        InvalidOperationException or IOException or ObjectDisposedException =>
            new IngestException(IngestFault.Unavailable, exception.Message, exception),
        _ => null,
    };

    private static IngestFault FaultOf(StatusCode status) => status switch
    {
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => IngestFault.Unauthenticated,
        StatusCode.FailedPrecondition or StatusCode.Unimplemented => IngestFault.IncompatibleVersion,
        StatusCode.AlreadyExists => IngestFault.DeviceIdTaken,
        StatusCode.Aborted => IngestFault.TakenOver,
        StatusCode.InvalidArgument => IngestFault.ProtocolBroken,
        _ => IngestFault.Unavailable,
    };

    // The innermost error names the cause ("Connection refused"); the outer ones name layers.
    private static string Describe(RpcException rpc)
    {
        Exception? innermost = rpc.Status.DebugException;
        while (innermost?.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost switch
        {
            null => $"{rpc.StatusCode}, {rpc.Status.Detail}",
            AuthenticationException =>
                $"{innermost.Message.TrimEnd('.')}: give --ca-file with the certificate of the authority that signed the cloud's",
            _ => $"{rpc.StatusCode}, {innermost.Message}",
        };
    }
}
