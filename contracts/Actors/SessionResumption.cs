namespace Fleet.Contracts.Actors;

/// <summary>An open stream tells an actor that was activated after it: this session is open, and ends here.</summary>
/// <param name="SessionEpoch">Of the session.</param>
/// <param name="Address">Where its stream ends.</param>
/// <param name="InstallId">Whose it is.</param>
/// <param name="AgentVersion">For people.</param>
public sealed record SessionResumption(long SessionEpoch, SessionAddress Address, Guid InstallId, string AgentVersion);
