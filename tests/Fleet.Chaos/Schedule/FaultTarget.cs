namespace Fleet.Chaos.Schedule;

/// <summary>What a fault hits. One thing has one fault at a time.</summary>
internal enum FaultTarget
{
    Agent,
    Silo,
    Scoring,
    Postgres,

    /// <summary>Between the agents and a silo.</summary>
    DeviceLink,

    /// <summary>Between the other silos and a silo.</summary>
    SiloLink,

    /// <summary>Between all silos and PostgreSQL.</summary>
    DatabaseLink,
}
