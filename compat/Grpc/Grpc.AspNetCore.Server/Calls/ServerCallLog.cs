using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What the server logs about calls.</summary>
internal static partial class ServerCallLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Method} ended with {StatusCode}: {Detail}")]
    internal static partial void EndedWithStatus(ILogger logger, string method, StatusCode statusCode, string detail);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "{Method} failed with an unhandled exception.")]
    internal static partial void UnhandledException(ILogger logger, Exception exception, string method);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "{Method} was cancelled by the client or by its connection.")]
    internal static partial void Cancelled(ILogger logger, string method);

    [LoggerMessage(EventId = 4, Level = LogLevel.Debug, Message = "{Method} did not end within its deadline of {Timeout}.")]
    internal static partial void DeadlineExceeded(ILogger logger, string method, TimeSpan timeout);

    [LoggerMessage(EventId = 5, Level = LogLevel.Debug, Message = "{Method}: the grpc-timeout '{Text}' is not valid and ignored.")]
    internal static partial void InvalidTimeout(ILogger logger, string method, string text);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "{Method}: a response trailer cannot be sent.")]
    internal static partial void InvalidTrailer(ILogger logger, Exception exception, string method);

    [LoggerMessage(EventId = 7, Level = LogLevel.Debug, Message = "{Method}: the request body was read before the call; its size limit stays.")]
    internal static partial void BodySizeLimitStays(ILogger logger, string method);

    [LoggerMessage(EventId = 8, Level = LogLevel.Error, Message = "{Method}: the end of the call cannot be sent.")]
    internal static partial void EndNotSent(ILogger logger, Exception exception, string method);
}
