namespace Fleet.Silo.Devices;

/// <summary>The silo that runs a device's actor is away, and another one has not taken it over yet: try again.</summary>
internal sealed class ActorUnavailableException(string message, Exception? inner) : Exception(message, inner);
