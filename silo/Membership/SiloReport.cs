namespace Fleet.Silo.Membership;

/// <summary>What a silo says of itself.</summary>
/// <param name="Name">Of the silo.</param>
/// <param name="Address">Where other silos reach it; empty = it runs alone.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Sessions">Streams that end at it.</param>
/// <param name="Actors">Devices whose actor is active on it.</param>
/// <param name="IsDrained">It takes no devices.</param>
/// <param name="Load">Null: a silo of an older version, which does not say.</param>
internal sealed record SiloReport(string Name, string Address, string Version, int Sessions, int Actors, bool IsDrained, SiloLoad? Load = null);
