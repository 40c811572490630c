using Grpc.AspNetCore.Server.Calls;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>An interceptor of a server, and how it is made.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;
    private readonly Lazy<ObjectFactory> _factory;

    internal InterceptorRegistration(Type type, object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (Array.IndexOf(arguments, null) >= 0)
        {
            throw new ArgumentException("An argument of an interceptor is null.", nameof(arguments));
        }

        Type = type;
        _arguments = arguments;
        _factory = new Lazy<ObjectFactory>(() => ActivatorUtilities.CreateFactory(type, [.. arguments.Select(a => a.GetType())]));
    }

    /// <summary>Type of the interceptor.</summary>
    public Type Type { get; }

    /// <summary>Arguments of its constructor that are not services.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    internal Activated<Interceptor> Activate(IServiceProvider services) =>
        _arguments.Length == 0 && services.GetService(Type) is Interceptor registered
            ? new Activated<Interceptor>(registered, Owned: false)
            : new Activated<Interceptor>((Interceptor)_factory.Value(services, _arguments), Owned: true);
}
