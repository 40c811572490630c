using System.Globalization;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Writes the end of a call: in trailers, or in the headers of a reply that has nothing else (trailers-only).</summary>
internal static class ResponseStatus
{
    internal static void PrepareHeaders(HttpResponse response, MessageEncodings encodings)
    {
        response.ContentType = WireNames.ContentType;
        response.Headers[WireNames.AcceptEncoding] = encodings.AcceptEncoding;
    }

    internal static void Write(HttpResponse response, Status status)
    {
        Append(response, WireNames.Status, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
        if (!string.IsNullOrEmpty(status.Detail))
        {
            Append(response, WireNames.Message, PercentEncoding.Encode(status.Detail));
        }
    }

    internal static void Append(HttpResponse response, string name, string value)
    {
        if (response.HasStarted)
        {
            response.AppendTrailer(name, value);
        }
        else
        {
            response.Headers.Append(name, value);
        }
    }
}
