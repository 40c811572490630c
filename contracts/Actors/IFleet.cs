namespace Fleet.Contracts.Actors;

/// <summary>The devices, whichever host runs their actors.</summary>
public interface IFleet
{
    /// <summary>The actor of this device. Cheap; keep no reference longer than needed.</summary>
    IDevice GetDevice(string deviceId);

    /// <summary>Every device whose actor is active now: those with a session, and those that had one lately.</summary>
    ValueTask<IReadOnlyList<DevicePresence>> ListActiveAsync();

    /// <summary>Those whose actor is active in this process: what each silo keeps of its own.</summary>
    ValueTask<IReadOnlyList<DevicePresence>> ListLocalAsync();
}
