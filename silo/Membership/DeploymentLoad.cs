namespace Fleet.Silo.Membership;

/// <summary>One deployment as a silo knows it.</summary>
/// <param name="Name">Of the options.</param>
/// <param name="Weight">Its share of live speech; 0 = only when the others are away, and what people send to it by name.</param>
/// <param name="InFlight">Calls under way.</param>
/// <param name="Limit">Calls at a time, as learned.</param>
/// <param name="AwayBecause">Null: it answers.</param>
internal sealed record DeploymentLoad(string Name, int Weight, int InFlight, int Limit, string? AwayBecause);
