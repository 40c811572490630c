using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>Leads from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP request that carries the call.</summary>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        if (serverCallContext is HttpServerCallContext call)
        {
            return call.HttpContext;
        }

        // For test doubles of the context.
        return serverCallContext.UserState.TryGetValue("__HttpContext", out object? value) && value is HttpContext context
            ? context
            : throw new InvalidOperationException("Could not get HttpContext from ServerCallContext.");
    }
}
