namespace Grpc.Core.Wire;

/// <summary>Names of the gRPC protocol over HTTP/2.</summary>
internal static class WireNames
{
    internal const string ContentType = "application/grpc";
    internal const string Encoding = "grpc-encoding";
    internal const string AcceptEncoding = "grpc-accept-encoding";
    internal const string Timeout = "grpc-timeout";
    internal const string Status = "grpc-status";
    internal const string Message = "grpc-message";
    internal const string Identity = "identity";

    /// <summary>Metadata by which a program asks for an encoding of its messages; it travels as <see cref="Encoding" />.</summary>
    internal const string EncodingRequest = "grpc-internal-encoding-request";

    /// <summary>Headers of the protocol and of HTTP itself that are not metadata of the call.</summary>
    internal static bool IsReserved(string name) =>
        name.Length == 0 || name[0] == ':' || _reserved.Contains(name);

    /// <summary>"application/grpc", or the same with a sub-format ("+proto") or a parameter (";…").</summary>
    internal static bool IsGrpcContentType(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+');

    private static readonly HashSet<string> _reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        Encoding, AcceptEncoding, Timeout, Status, Message, "content-type", "content-encoding", "te", "host", "accept-encoding", "connection", "trailer",
        "transfer-encoding",
    };
}
