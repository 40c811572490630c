using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Turns away what is not a gRPC request.</summary>
internal static class RequestCheck
{
    /// <summary>False: the response says why.</summary>
    internal static bool IsGrpc(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!WireNames.IsGrpcContentType(request.ContentType))
        {
            Refuse(
                context.Response,
                StatusCodes.Status415UnsupportedMediaType,
                request.ContentType is null ? "Content-Type is missing from the request." : $"Content-Type '{request.ContentType}' is not supported.");
            return false;
        }

        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol))
        {
            context.Response.Headers.Upgrade = "HTTP/2";
            Refuse(
                context.Response, StatusCodes.Status426UpgradeRequired, $"Request protocol '{request.Protocol}' is not supported.");
            return false;
        }

        return true;
    }

    private static void Refuse(HttpResponse response, int httpStatus, string detail)
    {
        response.StatusCode = httpStatus;
        ResponseStatus.Write(response, new Status(StatusCode.Internal, detail));
    }
}
