namespace Fleet.Storage;

/// <summary>Numbers of an install that its device calls settled and that have no row: the promise is broken for these.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="InstallId">The install that counted them.</param>
/// <param name="FirstNumber">The first of them.</param>
/// <param name="LastNumber">The last of them.</param>
/// <param name="FoundAt">When it was found.</param>
public sealed record MissingNumbers(string DeviceId, Guid InstallId, long FirstNumber, long LastNumber, DateTimeOffset FoundAt);
