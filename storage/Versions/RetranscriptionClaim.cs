namespace Fleet.Storage;

/// <summary>A run that is now the caller's job; what it writes counts as long as owner and attempt are the run's.</summary>
public sealed record RetranscriptionClaim(Guid RunId, string Deployment, RetranscriptionState State, long OwnerEpoch, int Attempt);
