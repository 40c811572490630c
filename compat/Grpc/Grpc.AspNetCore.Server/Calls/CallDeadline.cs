using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Ends a call when its time is over.</summary>
internal sealed class CallDeadline : IAsyncDisposable
{
    internal static readonly Status ExceededStatus = new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    // The longest that a timer can wait; a call with a later deadline has none in practice.
    private static readonly TimeSpan _longestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _source;
    private readonly Func<TimeSpan, Task> _onExceeded;
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private Task? _exceeded;
    private bool _disposed;

    internal CallDeadline(
        TimeSpan timeout, TimeProvider timeProvider, Func<TimeSpan, Task> onExceeded, CancellationToken requestAborted)
    {
        _timeout = timeout;
        _timeProvider = timeProvider;
        _onExceeded = onExceeded;
        _source = CancellationTokenSource.CreateLinkedTokenSource(requestAborted);
        CancellationToken = _source.Token;
        DateTime now = timeProvider.GetUtcNow().UtcDateTime;
        Time = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
    }

    internal DateTime Time { get; }

    /// <summary>Cancelled when the deadline passes or the request is aborted.</summary>
    internal CancellationToken CancellationToken { get; }

    internal bool IsExceeded => Volatile.Read(ref _exceeded) is not null;

    internal void Start()
    {
        if (_timeout <= _longestTimer)
        {
            _timer = _timeProvider.CreateTimer(static state => ((CallDeadline)state!).OnTimer(), this, _timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Waits for an end that is under way: the request must not be given back while it is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? exceeded;
        lock (_lock)
        {
            _disposed = true;
            exceeded = _exceeded;
        }

        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        if (exceeded is not null)
        {
            await exceeded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _source.Dispose();
    }

    private void OnTimer()
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _exceeded = done.Task;
        }

        _ = RunAsync(done);
    }

    private async Task RunAsync(TaskCompletionSource done)
    {
        try
        {
            // The handler's reaction to its token may take long; the client is answered meanwhile.
            Task cancelled = _source.CancelAsync();
            await _onExceeded(_timeout);
            await cancelled;
            done.SetResult();
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }
}
