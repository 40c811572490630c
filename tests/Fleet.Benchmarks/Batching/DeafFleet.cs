using Fleet.Contracts.Actors;

namespace Fleet.Benchmarks.Batching;

/// <summary>No devices.</summary>
internal sealed class DeafFleet : IFleet
{
    public IDevice GetDevice(string deviceId) => throw new InvalidOperationException("There are no devices.");

    public ValueTask<IReadOnlyList<DevicePresence>> ListActiveAsync() => ValueTask.FromResult<IReadOnlyList<DevicePresence>>([]);

    public ValueTask<IReadOnlyList<DevicePresence>> ListLocalAsync() => ListActiveAsync();
}
