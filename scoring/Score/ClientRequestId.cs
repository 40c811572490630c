namespace Fleet.Scoring.Score;

/// <summary>What a caller calls its request: sent back and logged, so that one batch is found in both logs.</summary>
internal static class ClientRequestId
{
    public const string Header = "x-ms-client-request-id";

    // As Azure ML does: longer ones are cut, and no other characters are taken.
    private const int MaxLength = 40;

    /// <summary>Null when the request has none, or none that may be written to a log.</summary>
    public static string? Of(HttpRequest request)
    {
        var id = request.Headers[Header].ToString();
        id = id.Length > MaxLength ? id[..MaxLength] : id;
        return id.Length > 0 && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? id : null;
    }
}
