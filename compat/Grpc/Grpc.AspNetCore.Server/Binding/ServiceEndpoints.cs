using System.Reflection;
using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Maps each method that the stub of a service tells to an endpoint.</summary>
internal sealed class ServiceEndpoints<TService>(IEndpointRouteBuilder routes, MethodSettings settings, ILoggerFactory loggerFactory)
    : ServiceBinderBase
    where TService : class
{
    private readonly List<IEndpointConventionBuilder> _builders = [];
    private readonly HashSet<string> _serviceNames = [];
    private readonly ILogger _logger = loggerFactory.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");

    internal IReadOnlyList<IEndpointConventionBuilder> Builders => _builders;

    internal IReadOnlyCollection<string> ServiceNames => _serviceNames;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method.Name, typeof(TRequest), typeof(ServerCallContext));
        var call = implementation.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        Add(method, implementation, new UnaryCallHandler<TService, TRequest, TResponse>(method, settings, call, _logger));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var call = implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        Add(method, implementation, new ClientStreamingCallHandler<TService, TRequest, TResponse>(method, settings, call, _logger));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var call = implementation.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Add(method, implementation, new ServerStreamingCallHandler<TService, TRequest, TResponse>(method, settings, call, _logger));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(
            method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var call = implementation
            .CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Add(method, implementation, new DuplexStreamingCallHandler<TService, TRequest, TResponse>(method, settings, call, _logger));
    }

    private static MethodInfo Find(string name, params Type[] parameters) =>
        typeof(TService).GetMethod(name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"Could not find '{name}' on {typeof(TService)}.");

    private void Add<TRequest, TResponse>(
        Method<TRequest, TResponse> method, MethodInfo implementation, CallHandler<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        _serviceNames.Add(method.ServiceName);

        // Attributes such as [Authorize] of the service and of the method count as for controllers.
        object[] metadata =
        [
            .. typeof(TService).GetCustomAttributes(inherit: true),
            .. implementation.GetCustomAttributes(inherit: true),
            new HttpMethodMetadata(["POST"], acceptCorsPreflight: true),
            new GrpcMethodMetadata(typeof(TService), method),
        ];
        _builders.Add(routes
            .Map(RoutePatternFactory.Parse(method.FullName), handler.HandleAsync)
            .WithDisplayName($"gRPC - {method.FullName}")
            .WithMetadata(metadata));
    }
}
