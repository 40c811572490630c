namespace Fleet.Silo.Membership;

/// <summary>Measures this process when somebody asks, and not more often than once a second.</summary>
internal sealed class LoadMeter(IHeldAudio audio, ITranscriberGauge transcriber, TimeProvider time)
{
    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _askedAt = time.GetTimestamp();
    private TimeSpan _cpuThen = Environment.CpuUsage.TotalTime;
    private double _cpuPercent;

    public SiloLoad Read()
    {
        lock (_lock)
        {
            var passed = time.GetElapsedTime(_askedAt);
            if (passed >= _shortest)
            {
                var cpu = Environment.CpuUsage.TotalTime;
                _cpuPercent = 100 * (cpu - _cpuThen) / passed;
                (_askedAt, _cpuThen) = (time.GetTimestamp(), cpu);
            }

            return new SiloLoad(_cpuPercent, Environment.WorkingSet, audio.HeldBytes, transcriber.Read());
        }
    }
}
