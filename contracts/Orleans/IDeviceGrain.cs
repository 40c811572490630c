using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>The actor of one device, by device id. What it can be asked is <see cref="IDevice"/>; messages cross by the surrogates beside this file.</summary>
[Alias("fleet.IDeviceGrain")]
public interface IDeviceGrain : IGrainWithStringKey, IDevice;
