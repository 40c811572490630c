namespace Fleet.Testing.FakeAzure;

/// <summary>The bandwidth of an endpoint: bytes come one after the other, and what comes too fast is delayed.</summary>
internal sealed class AzureBandwidth(AzureEndpointOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _freeAt;

    public TimeSpan Delay(long bytes)
    {
        if (options.BandwidthBytesPerSecond == 0)
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            var now = time.GetElapsedTime(_started);
            var begins = _freeAt > now ? _freeAt : now;
            _freeAt = begins + TimeSpan.FromSeconds((double)bytes / options.BandwidthBytesPerSecond);
            return _freeAt - now;
        }
    }
}
