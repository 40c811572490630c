using Fleet.Silo.Membership;

namespace Fleet.Silo.Devices.Embedded;

/// <summary>The embedded runtime: this process alone, ready at once.</summary>
internal sealed class EmbeddedActorHost(DeviceDirectory devices) : IActorHost
{
    public bool IsAlone => true;

    public string? NotReadyBecause => null;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => devices.CloseAsync();
}
