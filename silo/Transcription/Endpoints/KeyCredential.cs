namespace Fleet.Silo.Transcription;

/// <summary>
/// Keys of an endpoint, read from their files when one is first needed and whenever the endpoint refuses it. With a second file the keys can be rotated without a
/// gap: the one that is taken stays in use until it is refused.
/// </summary>
internal sealed class KeyCredential(string primaryFile, string secondaryFile) : IScoringCredential
{
    private volatile string _current = "";

    public string Source => secondaryFile.Length == 0 ? $"'{primaryFile}' (Fleet:Scoring:KeyFile)" : $"'{primaryFile}' and '{secondaryFile}' (Fleet:Scoring:KeyFile, SecondaryKeyFile)";

    public ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_current.Length == 0)
        {
            _current = Read(primaryFile) is { Length: > 0 } key ? key : Read(secondaryFile);
        }

        return ValueTask.FromResult(_current);
    }

    public ValueTask<string?> ReplaceAsync(string refused, CancellationToken cancellationToken)
    {
        // Another call may have found the new one already.
        foreach (var key in (string[])[_current, Read(primaryFile), Read(secondaryFile)])
        {
            if (key.Length > 0 && key != refused)
            {
                _current = key;
                return ValueTask.FromResult<string?>(key);
            }
        }

        return ValueTask.FromResult<string?>(null);
    }

    private static string Read(string path)
    {
        if (path.Length == 0)
        {
            return "";
        }

        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The scoring server makes the file at its first start, which may come after ours: its 401 says the rest.
            return "";
        }
    }
}
