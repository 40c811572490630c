namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>
/// Notices a device that gives another rate than it was asked for: arecord then goes on without a word, and speech runs at a third of its pace.
/// </summary>
internal sealed class CaptureRate(int sampleRateHz, int channels, TimeProvider time)
{
    // A pipe holds up to two seconds, a busy machine loses some: rates that devices have differ by more.
    private const double Faster = 1.5;
    private const double Slower = 0.5;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(20);

    private long _startedAt;
    private long _bytes = -1;
    private bool _isTold;

    /// <summary>The rate that the device really has, once, when it is another one; else null.</summary>
    public int? Take(int bytes)
    {
        if (_bytes < 0)
        {
            // What waited in the pipe came before the clock.
            (_bytes, _startedAt) = (0, time.GetTimestamp());
            return null;
        }

        _bytes += bytes;
        var elapsed = time.GetElapsedTime(_startedAt);
        if (_isTold || elapsed < _window)
        {
            return null;
        }

        var rate = _bytes / (sizeof(short) * channels) / elapsed.TotalSeconds;
        (_bytes, _startedAt) = (0, time.GetTimestamp());
        _isTold = rate > sampleRateHz * Faster || rate < sampleRateHz * Slower;
        return _isTold ? (int)Math.Round(rate) : null;
    }
}
