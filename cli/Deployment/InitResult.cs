namespace Fleet.Cli.Deployment;

/// <summary>What <c>init</c> made.</summary>
/// <param name="Password">The dashboard's, when it was made just now; it is kept nowhere.</param>
/// <param name="NewCertificate">The servers have a new certificate: those that run must be started again.</param>
internal sealed record InitResult(string? Password, bool NewCertificate);
