namespace Fleet.Contracts.Actors;

/// <summary>Where a session's stream ends: the silo that holds it, and its id there.</summary>
/// <param name="Silo">Name of the silo.</param>
/// <param name="SessionId">Made by the silo for each stream.</param>
public sealed record SessionAddress(string Silo, Guid SessionId);
