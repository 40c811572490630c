using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client.Calls;

/// <summary>What the client logs about calls.</summary>
internal static partial class ClientCallLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Call {Method} to {Address} starts.")]
    internal static partial void Starting(ILogger logger, string method, string address);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Call {Method} ended with {StatusCode}: {Detail}")]
    internal static partial void Ended(ILogger logger, string method, StatusCode statusCode, string detail);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Call {Method}: its credentials are left out, since the channel is not secured.")]
    internal static partial void CredentialsNotSent(ILogger logger, string method);
}
