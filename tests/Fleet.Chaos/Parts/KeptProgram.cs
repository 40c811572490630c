using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Supervision;

namespace Fleet.Chaos.Parts;

/// <summary>A program that is started again whenever it ends, as systemd would.</summary>
internal sealed class KeptProgram(
    string name, Func<ChildProcessOptions> command, string logFile, Guardian guardian, TimeProvider time) : IVictim, IAsyncDisposable
{
    private static readonly TimeSpan _restartAfter = TimeSpan.FromSeconds(0.5);

    private readonly BoundedLog _log = new(logFile, maxBytes: 64 << 20);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private ChildProcess? _process;
    private TimeSpan? _away;
    private TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private int _ownEnds;

    public string Name => name;

    /// <summary>How often it ended without our doing.</summary>
    public int OwnEnds => Volatile.Read(ref _ownEnds);

    public ChildProcess? Process
    {
        get
        {
            lock (_lock)
            {
                return _process;
            }
        }
    }

    public void Start() => _loop = KeepAsync();

    public async Task<bool> KillAsync(TimeSpan away, CancellationToken cancellationToken)
    {
        Task running;
        lock (_lock)
        {
            if (_process is not { Exited.IsCompleted: false } process)
            {
                return false;
            }

            _away = away;
            _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            running = _running.Task;
            process.Signal(UnixSignal.Kill);
        }

        await running.WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>Its end by itself is wished for, once: the next start comes at once and is waited for.</summary>
    public async Task<bool> WaitForOwnEndAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (Process is not { } process)
        {
            return false;
        }

        try
        {
            await process.Exited.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public bool Freeze() => Process is { Exited.IsCompleted: false } process && process.Signal(UnixSignal.Stop);

    public void Thaw() => Process?.Signal(UnixSignal.Continue);

    /// <summary>SIGTERM, and no new start. True when it ended in time by itself.</summary>
    public async Task<bool> StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        var inTime = Process is not { } process || await process.StopAsync(UnixSignal.Terminate, grace, cancellationToken);
        await _loop;
        return inTime;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Process?.Signal(UnixSignal.Kill);
        await _loop;
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _log.Dispose();
        _stopping.Dispose();
    }

    private async Task KeepAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var process = ChildProcess.Start(command() with { OnLine = line => _log.Write(line.Text) });
            guardian.Run(process.ProcessId);
            ChildProcess? before;
            lock (_lock)
            {
                before = _process;
                _process = process;
                _running.TrySetResult();
            }

            if (before is not null)
            {
                await before.DisposeAsync();
            }

            if (_stopping.IsCancellationRequested)
            {
                // Stopped between the start and its being known.
                process.Signal(UnixSignal.Terminate);
            }

            var code = await process.Exited;
            guardian.Ended(process.ProcessId);
            TimeSpan? away;
            lock (_lock)
            {
                (away, _away) = (_away, null);
            }

            if (away is null && !_stopping.IsCancellationRequested)
            {
                Interlocked.Increment(ref _ownEnds);
            }

            _log.Write(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"---- ended with {code} ----"));
            await WaitAsync(away ?? _restartAfter);
        }
    }

    private async Task WaitAsync(TimeSpan away)
    {
        try
        {
            await Task.Delay(away, time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // No new start.
        }
    }
}
