namespace Fleet.Silo.Transcription;

/// <summary>The endpoint's key, read from its file when it is first needed and whenever the endpoint refuses it: keys are rotated.</summary>
internal sealed class ScoringKey(string path)
{
    private volatile string _current = "";

    /// <summary>Empty when there is none (yet).</summary>
    public string Current => _current.Length > 0 ? _current : Read();

    /// <summary>Reads the file again; true when there is another key now.</summary>
    public bool HasChangedSince(string key) => Read() != key;

    private string Read()
    {
        if (path.Length == 0)
        {
            return "";
        }

        try
        {
            return _current = File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The scoring server makes the file at its first start, which may come after ours: its 401 says the rest.
            return _current;
        }
    }
}
