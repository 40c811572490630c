namespace Fleet.DeviceAgent.Endpointing;

/// <summary>
/// Tells when a sample was recorded, by counting samples from one reading of the clock. So times do not shake with the scheduler, and a
/// wall clock that steps in the middle of an utterance does no harm.
/// </summary>
internal sealed class SampleClock
{
    private readonly double _samplesPerSecond;
    private long _position;
    private DateTimeOffset _time;

    /// <param name="samplesPerSecond">How fast samples come; 0 = as fast as possible: then each reading of the clock stands for
    /// itself.</param>
    public SampleClock(double samplesPerSecond)
    {
        _samplesPerSecond = samplesPerSecond;
    }

    /// <summary>The sample at <paramref name="position"/> was recorded at <paramref name="time"/>.</summary>
    public void Anchor(long position, DateTimeOffset time)
    {
        _position = position;
        _time = time;
    }

    public DateTimeOffset TimeOf(long position) =>
        _samplesPerSecond > 0 ? _time + TimeSpan.FromSeconds((position - _position) / _samplesPerSecond) : _time;
}
