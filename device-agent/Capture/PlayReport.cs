namespace Fleet.DeviceAgent.Capture;

/// <summary>What could be played and what not, over all devices of the process; each bad file is named once. Thread safe.</summary>
internal sealed class PlayReport(TextWriter errors)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _unplayable = [];
    private int _heard;

    /// <summary>Recordings of which at least the beginning was heard.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public void OnHeard() => Interlocked.Increment(ref _heard);

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
