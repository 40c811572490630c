namespace Fleet.DeviceAgent.Endpointing;

/// <summary>
/// Tells when a sample was recorded, by counting samples from one reading of the monotonic clock. So times do not shake with the scheduler, and
/// a wall clock that steps in the middle of an utterance does no harm.
/// </summary>
internal sealed class SampleClock
{
    private readonly double _samplesPerSecond;
    private readonly double _ticksPerSample;
    private long _position;
    private long _timestamp;

    /// <param name="samplesPerSecond">How fast samples come; 0 = as fast as possible: then each reading of the clock stands for
    /// itself.</param>
    /// <param name="timestampFrequency">Of the monotonic clock.</param>
    public SampleClock(double samplesPerSecond, long timestampFrequency)
    {
        _samplesPerSecond = samplesPerSecond;
        _ticksPerSample = samplesPerSecond > 0 ? timestampFrequency / samplesPerSecond : 0;
    }

    /// <summary>The sample at <paramref name="position"/> was recorded at <paramref name="timestamp"/>.</summary>
    public void Anchor(long position, long timestamp)
    {
        _position = position;
        _timestamp = timestamp;
    }

    /// <summary>A timestamp of the monotonic clock.</summary>
    public long TimestampOf(long position) =>
        _samplesPerSecond > 0 ? _timestamp + (long)Math.Round((position - _position) * _ticksPerSample) : _timestamp;
}
