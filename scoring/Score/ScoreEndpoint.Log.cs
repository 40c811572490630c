namespace Fleet.Scoring.Score;

internal sealed partial class ScoreEndpoint
{
    [LoggerMessage(2005, LogLevel.Debug, "Request {ClientRequestId}: {Recordings} recordings, {AudioSeconds:F1} s of audio, answered after {ElapsedMilliseconds:F0} ms.")]
    private partial void LogAnswered(string? clientRequestId, int recordings, double audioSeconds, double elapsedMilliseconds);

    [LoggerMessage(
        2006, LogLevel.Warning, "Request {ClientRequestId}: {Late} of {Recordings} recordings, {AudioSeconds:F1} s of audio, were not recognised within {TimeoutSeconds} s; their work is stopped.")]
    private partial void LogTimedOut(string? clientRequestId, int late, int recordings, double audioSeconds, int timeoutSeconds);
}
