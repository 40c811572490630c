namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// Holds the state folder for one process: two agents with one identity would send each other's utterances and fight for the session.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    /// <summary>Locked exclusively as long as an agent runs on the folder.</summary>
    public const string LockFile = "lock";

    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <exception cref="IOException">Another process holds it, or it cannot be made; the message says what to do.</exception>
    public static StateFolder Hold(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var lockFile = new FileStream(
                System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new StateFolder(path, lockFile);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Cannot hold the state folder '{path}' ({ex.Message}). Is another agent running with it? Set another --state-dir.", ex);
        }
    }

    public void Dispose() => _lock.Dispose();
}
