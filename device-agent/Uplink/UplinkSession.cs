using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// One session: Hello, Welcome, then three loops over one call (send, receive, heartbeats). The first to find that the session is over says
/// why; then the others are ended, in order.
/// </summary>
internal sealed partial class UplinkSession(UplinkContext context, IIngestConnection connection, ILogger logger) : IDisposable
{
    private const int MissedHeartbeats = 2;

    private readonly TaskCompletionSource<Welcome> _welcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SessionResult> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _drainTime = new(Timeout.InfiniteTimeSpan, context.Time);
    private readonly HeartbeatTimes _heartbeats = new();
    private long _helloAt;
    private long _welcomeAt;
    private int _beatsWithoutAnswer;
    private volatile bool _heartbeatIsDue;
    private volatile bool _isClockAsked;
    private volatile Drain? _drain;
    private volatile ResumeDialogue? _resume;

    /// <param name="stopping">The agent stops: the call is closed in good order.</param>
    public async Task<SessionResult> RunAsync(CancellationToken stopping)
    {
        using var call = new CancellationTokenSource();
        using var work = new CancellationTokenSource();
        await using var onStop = stopping.UnsafeRegister(_ => Over(SessionEnd.Stopped, ""), null);

        var receiving = ReceiveAsync(call.Token);
        var working = WorkAsync(work.Token);
        var result = await _over.Task;

        await work.CancelAsync();
        await working;
        if (result.End is SessionEnd.Stopped or SessionEnd.Drained)
        {
            await CloseAsync(receiving);
        }

        await call.CancelAsync();
        await receiving;
        context.Queue.OnSessionEnded();
        context.Losses.OnSessionEnded();
        return result;
    }

    public void Dispose() => _drainTime.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            _helloAt = context.Time.GetTimestamp();
            await connection.SendAsync(context.Hello(), cancellationToken);
            var welcome = await _welcome.Task.WaitAsync(context.Options.WelcomeTimeout, context.Time, cancellationToken);
            OnWelcome(welcome);

            using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var beating = BeatAsync(TimeSpan.FromMilliseconds(Math.Max(welcome.HeartbeatIntervalMs, 10)), beat.Token);
            try
            {
                await SendUntilDrainedAsync(cancellationToken);
                Over(SessionEnd.Drained, "the silo is about to stop");
            }
            finally
            {
                await beat.CancelAsync();
                await beating;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session is over, for a reason that is told already.
        }
        catch (TimeoutException)
        {
            Over(SessionEnd.NoWelcome, $"no Welcome within {context.Options.WelcomeTimeout.TotalSeconds:0} s");
        }
        catch (IngestException ex)
        {
            // Writing fails when the call has ended; why it has ended is what the reading side hears.
            await Task.WhenAny(_over.Task, Task.Delay(context.Options.CloseTimeout, context.Time, cancellationToken));
            Over(SessionEnd.Faulted, ex.Message, ex.Fault);
        }
        catch (Exception ex)
        {
            LogUnexpected(ex);
            Over(SessionEnd.Faulted, ex.Message);
        }
    }

    private async Task SendUntilDrainedAsync(CancellationToken cancellationToken)
    {
        await using var timer = context.Time.CreateTimer(
            _ => context.Wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            if (await SendNextAsync(cancellationToken))
            {
                continue;
            }

            if (_drain is not null && (context.Queue.InFlight + context.Losses.InFlight == 0 || _drainTime.IsCancellationRequested))
            {
                return;
            }

            if (Earliest(context.Queue.NextRetryIn(), context.Losses.NextRetryIn(), _drain is null ? _resume?.GivesUpIn : null) is { } wait)
            {
                timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }

            await context.Wake.WaitAsync(cancellationToken);
        }
    }

    private async Task BeatAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                // Counted here and not where heartbeats are sent: a dead link blocks the sender.
                if (Interlocked.Increment(ref _beatsWithoutAnswer) > MissedHeartbeats)
                {
                    Over(SessionEnd.HeartbeatsMissed, "two heartbeats in a row were not answered");
                    return;
                }

                _heartbeatIsDue = true;
                context.Wake.Set();
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }

    private async Task CloseAsync(Task receiving)
    {
        try
        {
            using var time = new CancellationTokenSource(context.Options.CloseTimeout, context.Time);
            if (_welcome.Task.IsCompletedSuccessfully)
            {
                // What was answered since the last heartbeat is settled: otherwise the cloud would count it as waiting until the next Hello.
                await connection.SendAsync(context.Heartbeat(_heartbeats.OnSent(context.Time.GetTimestamp())), time.Token);
            }

            await connection.CompleteAsync(time.Token);
            await receiving.WaitAsync(time.Token);
        }
        catch (Exception ex) when (ex is IngestException or OperationCanceledException)
        {
            LogNotClosed(ex.Message);
        }
    }

    private void Over(SessionEnd end, string detail, IngestFault fault = IngestFault.Unavailable) =>
        _over.TrySetResult(new SessionResult(end, fault, detail, _welcome.Task.IsCompletedSuccessfully)
        {
            ReconnectJitter = TimeSpan.FromMilliseconds(_drain?.ReconnectJitterMs ?? 0),
        });

    private static TimeSpan? Earliest(params ReadOnlySpan<TimeSpan?> waits)
    {
        TimeSpan? earliest = null;
        foreach (var wait in waits)
        {
            earliest = earliest is null || wait < earliest ? wait ?? earliest : earliest;
        }

        return earliest;
    }
}
