using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Reads metadata and status out of an HTTP response.</summary>
internal static class ResponseProtocol
{
    /// <summary>The status of a reply that is over with its headers: trailers-only, or not a gRPC reply at all; else null.</summary>
    internal static Status? ReadHeaders(HttpResponseMessage response)
    {
        // A status that the server wrote tells more than the status of HTTP.
        if (ReadStatus(response.Headers) is { } status)
        {
            return status;
        }

        if (response.Version.Major < 2)
        {
            return new Status(StatusCode.Internal, $"Bad gRPC response. Response protocol downgraded to HTTP/{response.Version}.");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Status(
                MapHttpStatus(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");
        }

        string? contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues types) ? types.ToString() : null;
        return WireNames.IsGrpcContentType(contentType)
            ? null
            : new Status(StatusCode.Cancelled, contentType is null
                ? "Bad gRPC response. Response did not have a content-type header."
                : $"Bad gRPC response. Invalid content-type value: {contentType}");
    }

    // CANCELLED as in the original: the server did not say how the call ended.
    internal static Status ReadTrailers(HttpResponseMessage response)
    {
        try
        {
            return ReadStatus(response.TrailingHeaders) ?? new Status(StatusCode.Cancelled, "No grpc-status found on response.");
        }
        catch (InvalidOperationException exception)
        {
            return new Status(StatusCode.Cancelled, exception.Message, exception);
        }
    }

    internal static string? ReadEncoding(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(WireNames.Encoding, out HeaderStringValues values) ? values.ToString() : null;

    internal static Metadata ReadMetadata(HttpResponseHeaders headers)
    {
        Metadata metadata = [];
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            foreach (string value in values)
            {
                try
                {
                    MetadataWire.Add(metadata, name, value);
                }
                catch (FormatException exception)
                {
                    throw new RpcException(new Status(StatusCode.Internal, $"The value of the header '{name}' is not base64.", exception));
                }
            }
        }

        return metadata;
    }

    // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
    private static StatusCode MapHttpStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private static Status? ReadStatus(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(WireNames.Status, out HeaderStringValues values))
        {
            return null;
        }

        string detail = headers.NonValidated.TryGetValues(WireNames.Message, out HeaderStringValues message)
            ? PercentEncoding.Decode(message.ToString())
            : "";
        string text = values.ToString();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? new Status((StatusCode)code, detail)
            : throw new InvalidOperationException($"Unexpected grpc-status value: {text}");
    }
}
