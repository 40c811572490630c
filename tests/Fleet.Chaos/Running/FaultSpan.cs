namespace Fleet.Chaos.Running;

/// <summary>When a fault hit, by this machine's clock.</summary>
/// <param name="Name">In words, as in the table.</param>
/// <param name="From">Its begin.</param>
/// <param name="To">When what it broke was whole again.</param>
internal sealed record FaultSpan(string Name, DateTimeOffset From, DateTimeOffset To);
