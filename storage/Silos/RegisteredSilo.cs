namespace Fleet.Storage;

/// <summary>One start of a silo, as the database knows it.</summary>
/// <param name="Epoch">By which its rows are told from those of others.</param>
/// <param name="Name">Of the silo.</param>
/// <param name="StartedAt">When it registered.</param>
/// <param name="LeaseUntil">By the database's clock; null = it has ended its lease.</param>
/// <param name="IsValid">The lease is good, by the database's clock.</param>
public sealed record RegisteredSilo(long Epoch, string Name, DateTimeOffset StartedAt, DateTimeOffset? LeaseUntil, bool IsValid);
