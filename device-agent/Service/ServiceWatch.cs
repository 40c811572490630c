namespace Fleet.DeviceAgent.Service;

/// <summary>
/// Tells the service manager that the agent is ready, that it stops, and in between that it is at work, as long as that is true: an agent that hears and
/// does nothing with it is not told of, and so ended and started anew. What is on the disk by then is sent by the next one.
/// </summary>
internal sealed partial class ServiceWatch : IAsyncDisposable
{
    // Two words may be lost.
    private const int WordsPerTimeout = 3;

    private readonly ServiceManager? _manager;
    private readonly WorkWatch _work;
    private readonly ILogger _logger;
    private readonly TimeSpan _longest;
    private readonly ITimer? _timer;
    private readonly CancellationTokenRegistration _stopping;
    private bool _isStuck;

    public ServiceWatch(ServiceManager? manager, WorkWatch work, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        (_manager, _work, _logger) = (manager, work, logger);
        manager?.Notify("READY=1");
        if (manager?.WatchdogTimeout is { } timeout)
        {
            _longest = timeout / 2;
            Look();
            _timer = time.CreateTimer(_ => Look(), null, timeout / WordsPerTimeout, timeout / WordsPerTimeout);
        }

        _stopping = stopping.UnsafeRegister(static manager => ((ServiceManager?)manager)?.Notify("STOPPING=1"), manager);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    private void Look()
    {
        var isStuck = _work.HasFailed || _work.Busy > _longest;
        if (isStuck && !_isStuck)
        {
            LogStuck(_work.Busy.TotalSeconds);
        }

        _isStuck = isStuck;
        if (!isStuck)
        {
            _manager?.Notify("WATCHDOG=1");
        }
    }

    [LoggerMessage(
        440, LogLevel.Error, "Nothing is done with what is heard (a piece of sound has been worked on for {Seconds:F0} s): the service manager is told no more, and starts the agent anew")]
    private partial void LogStuck(double seconds);
}
