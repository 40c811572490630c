namespace Fleet.DeviceAgent.Capture;

/// <summary>How recordings are played.</summary>
internal sealed record PlayerOptions
{
    /// <summary>Times real time; 0 = as fast as possible.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>From the beginning again when the last one is over.</summary>
    public bool Loop { get; init; }

    /// <summary>Quiet between two recordings, as between people; shortened by <see cref="Speed"/> like everything else.</summary>
    public TimeSpan Pause { get; init; }
}
