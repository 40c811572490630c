namespace Fleet.Dashboard.Devices;

/// <summary>A deployment that a silo does not call.</summary>
/// <param name="Silo">Its name.</param>
/// <param name="Deployment">Its name in the silo's options.</param>
/// <param name="Reason">For people.</param>
public sealed record DeploymentTrouble(string Silo, string Deployment, string Reason);
