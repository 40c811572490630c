using Grpc.AspNetCore.Server.Binding;
using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Routing;

/// <summary>Answers calls of methods and services that nobody mapped, which would otherwise be an HTTP 404.</summary>
internal static class UnimplementedEndpoints
{
    internal static void Map(
        IEndpointRouteBuilder builder, ServiceRegistry registry, IEnumerable<string> serviceNames, bool ignoreUnknownServices)
    {
        if (!ignoreUnknownServices && registry.TryClaimUnknownServices())
        {
            Map(builder, "{unimplementedService}/{unimplementedMethod}", "Service is unimplemented.", "gRPC - Unimplemented service");
        }

        foreach (string service in serviceNames.Where(registry.TryClaimUnknownMethods))
        {
            Map(builder, service + "/{unimplementedMethod}", "Method is unimplemented.", $"gRPC - Unimplemented method for {service}");
        }
    }

    private static void Map(IEndpointRouteBuilder builder, string path, string detail, string displayName)
    {
        // Only gRPC requests: the rest of the application may have pages below the same paths.
        RoutePattern pattern = RoutePatternFactory.Parse(
            path, defaults: null, parameterPolicies: new { unimplementedMethod = new GrpcContentTypeConstraint() });
        builder.MapMethods(
            pattern,
            ["POST"],
            context =>
            {
                if (RequestCheck.IsGrpc(context))
                {
                    ResponseStatus.PrepareHeaders(context.Response, MessageEncodings.Default);
                    ResponseStatus.Write(context.Response, new Status(StatusCode.Unimplemented, detail));
                }

                return Task.CompletedTask;
            }).WithDisplayName(displayName);
    }

    private static IEndpointConventionBuilder MapMethods(
        this IEndpointRouteBuilder builder, RoutePattern pattern, string[] methods, RequestDelegate handler) =>
        builder.Map(pattern, handler).WithMetadata(new HttpMethodMetadata(methods));

    private sealed class GrpcContentTypeConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            WireNames.IsGrpcContentType(httpContext?.Request.ContentType);
    }
}
