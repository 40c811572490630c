namespace Fleet.DeviceAgent.Capture;

/// <summary>What could be played and what not, over all devices of the process; each bad file is named once. Thread safe.</summary>
internal sealed class PlayReport(TextWriter errors)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _unplayable = [];
    private int _played;

    /// <summary>Recordings that were played to their end.</summary>
    public int Played => Volatile.Read(ref _played);

    public void OnPlayed() => Interlocked.Increment(ref _played);

    public void OnUnplayable(Recording recording, string message)
    {
        lock (_lock)
        {
            if (_unplayable.Add(recording.Path))
            {
                errors.WriteLine(message);
            }
        }
    }
}
