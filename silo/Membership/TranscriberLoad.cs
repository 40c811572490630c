namespace Fleet.Silo.Membership;

/// <summary>What a silo's transcriber has to do, and with what.</summary>
/// <param name="Waiting">Utterances that wait in memory for a call.</param>
/// <param name="Deployments">All that are configured.</param>
internal sealed record TranscriberLoad(int Waiting, IReadOnlyList<DeploymentLoad> Deployments);
