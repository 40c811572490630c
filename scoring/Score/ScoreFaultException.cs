namespace Fleet.Scoring.Score;

/// <summary>A request, or one recording in it, that cannot be served; the message is for the caller and says what to change.</summary>
internal sealed class ScoreFaultException(int statusCode, string message) : Exception(message)
{
    public int StatusCode { get; } = statusCode;
}
