namespace Fleet.Silo.Transcription;

/// <summary>Whether the next body for one endpoint is sent as gzip: what its answers say of it (RFC 7694, "Hypertext Transfer Protocol (HTTP) Client-Initiated Content-Encoding").</summary>
internal sealed class RequestCompression(ScoringCompression option)
{
    private const string Gzip = "gzip";
    private const string AcceptEncoding = "Accept-Encoding";

    private volatile bool _isTaken;
    private volatile bool _hasWorked;
    private volatile bool _isRefused;

    public bool IsOn => option == ScoringCompression.Gzip || (option == ScoringCompression.Auto && _isTaken && !_isRefused);

    /// <summary>Learns from an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="isCompressed">The body that it answers was gzip.</param>
    /// <returns>
    /// True: the endpoint may have failed at the compression alone, as one does that was exchanged for one that knows none of it; the same call is worth making once
    /// more, plain, and <see cref="OnPlain"/> is to be told.
    /// </returns>
    public bool OnAnswer(HttpResponseMessage response, bool isCompressed)
    {
        if (option != ScoringCompression.Auto)
        {
            return false;
        }

        var (status, isSaid) = ((int)response.StatusCode, Takes(response));
        _hasWorked |= isCompressed && status == 200;
        // A gateway that is busy or away says nothing of the endpoint behind it.
        var isFault = status != 200 && CallRules.Judge(status, innerStatus: 0) is CallFault.Refused or CallFault.Failed;
        if (isSaid || isFault || status == 200)
        {
            _isTaken = isSaid;
        }

        return isCompressed && isFault && !(isSaid && _hasWorked);
    }

    /// <summary>What became of the same call without compression.</summary>
    public void OnPlain(HttpResponseMessage compressed, HttpResponseMessage plain)
    {
        OnAnswer(plain, isCompressed: false);
        // It says gzip, and fails at it.
        _isRefused |= plain.IsSuccessStatusCode && Takes(compressed);
    }

    // "gzip;q=0" is a refusal.
    private static bool Takes(HttpResponseMessage response) =>
        response.Headers.TryGetValues(AcceptEncoding, out var values)
        && values.SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries)).Any(static coding =>
            coding.Split(';', StringSplitOptions.TrimEntries) is [var name, .. var parameters]
            && name.Equals(Gzip, StringComparison.OrdinalIgnoreCase)
            && !parameters.Any(static parameter => parameter.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && parameter.TrimEnd('0', '.').Length <= 2));
}
