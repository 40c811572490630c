namespace Fleet.Testing.FakeAzure;

/// <summary>A line of the endpoint's traffic log.</summary>
/// <param name="ClientRequestId">x-ms-client-request-id, the first 40 characters.</param>
/// <param name="Deployment">That got it.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="Utterances">In the call.</param>
/// <param name="Seconds">Of their audio.</param>
/// <param name="Bytes">Of the body.</param>
/// <param name="InFlight">Calls in flight when it came, with it.</param>
/// <param name="At">When it came, since the endpoint started.</param>
/// <param name="UtteranceIds">Where the body has ids.</param>
public sealed record AzureCall(
    string ClientRequestId, string Deployment, int Status, int Utterances, double Seconds, long Bytes, int InFlight, TimeSpan At, IReadOnlyList<string> UtteranceIds);
