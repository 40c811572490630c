namespace Fleet.Silo.Transcription;

/// <summary>Who waits for a recording that is not live.</summary>
/// <param name="deployment">By which it is to be recognised; empty: whichever live speech would use.</param>
internal sealed class BackgroundRequest(string deployment)
{
    private readonly TaskCompletionSource<ScoreResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isWithdrawn;

    public string Deployment { get; } = deployment;

    public Task<ScoreResult> Result => _done.Task;

    /// <summary>Nobody waits any more.</summary>
    public bool IsWithdrawn => _isWithdrawn;

    public void Complete(ScoreResult result) => _done.TrySetResult(
        result.Outcome == ScoreOutcome.Recognised ? result : ScoreResult.Refused(result.Reason, result.Cause) with { Deployment = result.Deployment, RequestId = result.RequestId });

    public void Withdraw() => _isWithdrawn = true;
}
