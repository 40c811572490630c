using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Binding;
using Grpc.AspNetCore.Server.Routing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps every method of a service to its path.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceProvider services = builder.ServiceProvider;
        ServiceRegistry registry = services.GetService<ServiceRegistry>()
            ?? throw new InvalidOperationException(
                "Unable to find the required services. Please add all the required services by calling 'IServiceCollection.AddGrpc' inside "
                + "the call to 'ConfigureServices(...)' in the application startup code.");
        GrpcServiceOptions global = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        MethodSettings settings = MethodSettings.Create(
            global, services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value);
        ServiceEndpoints<TService> endpoints = new(builder, settings, services.GetRequiredService<ILoggerFactory>());
        BindMethod.Bind(typeof(TService), endpoints);
        UnimplementedEndpoints.Map(builder, registry, endpoints.ServiceNames, global.IgnoreUnknownServices ?? false);
        return new GrpcServiceEndpointConventionBuilder(endpoints.Builders);
    }
}
