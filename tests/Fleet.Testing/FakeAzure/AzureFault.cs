namespace Fleet.Testing.FakeAzure;

/// <summary>An answer that is none.</summary>
/// <param name="Status">Of the answer.</param>
/// <param name="InnerStatus">With 424: what the container answered.</param>
/// <param name="RetryAfterSeconds">0 = the header is not sent.</param>
public sealed record AzureFault(int Status, int InnerStatus = 0, int RetryAfterSeconds = 0);
