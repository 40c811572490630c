using Fleet.Contracts.Actors;

namespace Fleet.UnitTests.Silo.Transcription;

internal sealed class NoFleet : IFleet
{
    public IDevice GetDevice(string deviceId) => throw new InvalidOperationException("No device is there.");

    public ValueTask<IReadOnlyList<DevicePresence>> ListLocalAsync() => ListActiveAsync();

    public ValueTask<IReadOnlyList<DevicePresence>> ListActiveAsync() => ValueTask.FromResult<IReadOnlyList<DevicePresence>>([]);
}
