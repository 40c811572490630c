using System.Collections.Concurrent;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Remembers what an application has mapped, so that the answers to unknown methods are mapped once.</summary>
internal sealed class ServiceRegistry
{
    private readonly ConcurrentDictionary<string, bool> _services = new(StringComparer.Ordinal);
    private int _unknownServicesClaimed;

    internal bool TryClaimUnknownServices() => Interlocked.Exchange(ref _unknownServicesClaimed, 1) == 0;

    internal bool TryClaimUnknownMethods(string service) => _services.TryAdd(service, true);
}
