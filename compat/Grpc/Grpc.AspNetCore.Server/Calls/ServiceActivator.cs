using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Gets the service of a call from the container, or makes one for the call.</summary>
internal static class ServiceActivator<TService>
    where TService : class
{
    private static readonly Lazy<ObjectFactory<TService>> _factory = new(static () => ActivatorUtilities.CreateFactory<TService>([]));

    internal static Activated<TService> Activate(IServiceProvider services) =>
        services.GetService<TService>() is { } registered
            ? new Activated<TService>(registered, Owned: false)
            : new Activated<TService>(_factory.Value(services, []), Owned: true);
}
