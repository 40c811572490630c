using System.Net.Sockets;
using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Finds the status for an exception of the transport.</summary>
internal static class FailureStatus
{
    // Codes of HTTP/2's RST_STREAM that do not mean INTERNAL.
    private const long RefusedStream = 0x7;
    private const long Cancel = 0x8;
    private const long EnhanceYourCalm = 0xb;
    private const long InadequateSecurity = 0xc;

    internal static Status From(string summary, Exception exception)
    {
        List<string> messages = [];
        StatusCode? code = null;
        bool transport = false;
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            if (current is RpcException rpcException)
            {
                // A limit or the serializer, wrapped by the handler on its way here.
                return rpcException.Status;
            }

            messages.Add($"{current.GetType().Name}: {current.Message}");
            transport |= current is SocketException or IOException;
            if (current is HttpProtocolException protocol)
            {
                code ??= Map(protocol);
            }
        }

        return new Status(code ?? (transport ? StatusCode.Unavailable : StatusCode.Internal), $"{summary} {string.Join(' ', messages)}", exception);
    }

    private static StatusCode Map(HttpProtocolException exception)
    {
        // The exception does not tell a reset stream from a closed connection but by its text. The loss of a connection, whatever code its
        // GOAWAY has, is a reason to connect again.
        if (!exception.Message.Contains("reset the stream", StringComparison.Ordinal))
        {
            return StatusCode.Unavailable;
        }

        return exception.ErrorCode switch
        {
            RefusedStream => StatusCode.Unavailable,
            Cancel => StatusCode.Cancelled,
            EnhanceYourCalm => StatusCode.ResourceExhausted,
            InadequateSecurity => StatusCode.PermissionDenied,
            _ => StatusCode.Internal,
        };
    }
}
