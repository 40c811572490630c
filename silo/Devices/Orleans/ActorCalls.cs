using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>
/// Calls actors although silos die: what failed because of that is tried again until the actor is elsewhere, for Fleet:Orleans:RetryMs. Never throws for
/// an actor: what a caller does without an answer is the caller's to say.
/// </summary>
internal sealed partial class ActorCalls(IOptions<OrleansOptions> options, TimeProvider time, ILogger<ActorCalls> logger)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(400);

    private bool _isOver;

    /// <summary>This silo is not in its cluster any more: nobody is asked, so that the stop does not wait for answers that cannot come.</summary>
    public bool IsOver
    {
        get => Volatile.Read(ref _isOver);
        set => Volatile.Write(ref _isOver, value);
    }

    /// <summary>The answer, perhaps after several attempts: for calls that may run twice.</summary>
    public async ValueTask<ActorAnswer<T>> RepeatAsync<T>(string deviceId, Func<ValueTask<T>> call)
    {
        var started = time.GetTimestamp();
        var mayHaveRun = false;
        for (var pause = _firstPause; !IsOver; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            try
            {
                return new ActorAnswer<T>(true, await call(), mayHaveRun, null);
            }
            catch (Exception exception) when (IsOfSilo(exception))
            {
                // A rejected message did not arrive; of the others nobody knows.
                mayHaveRun |= exception is not OrleansMessageRejectionException;
                if (time.GetElapsedTime(started) + pause >= options.Value.Retry)
                {
                    LogAway(deviceId, exception.Message);
                    return new ActorAnswer<T>(false, default, mayHaveRun, exception);
                }
            }
            catch (Exception exception)
            {
                LogFailed(exception, deviceId);
                return new ActorAnswer<T>(false, default, MayHaveRun: true, exception);
            }

            await Task.Delay(pause, time, CancellationToken.None);
        }

        return new ActorAnswer<T>(false, default, mayHaveRun, null);
    }

    /// <summary>The answer of one attempt: for calls that count, or that come again by themselves.</summary>
    public async ValueTask<ActorAnswer<T>> TryAsync<T>(string deviceId, Func<ValueTask<T>> call)
    {
        if (IsOver)
        {
            return default;
        }

        try
        {
            return new ActorAnswer<T>(true, await call(), MayHaveRun: false, null);
        }
        catch (Exception exception) when (IsOfSilo(exception))
        {
            LogAway(deviceId, exception.Message);
            return new ActorAnswer<T>(false, default, MayHaveRun: true, exception);
        }
        catch (Exception exception)
        {
            LogFailed(exception, deviceId);
            return new ActorAnswer<T>(false, default, MayHaveRun: true, exception);
        }
    }

    // SiloUnavailableException, OrleansMessageRejectionException and those of broken connections are OrleansExceptions. ObjectDisposedException: this silo stops.
    private static bool IsOfSilo(Exception exception) =>
        exception is OrleansException or TimeoutException or ObjectDisposedException or System.Net.Sockets.SocketException or IOException;

    [LoggerMessage(EventIds.ActorAway, LogLevel.Debug, "The actor of device {DeviceId} could not be asked: {Reason}")]
    private partial void LogAway(string deviceId, string reason);

    [LoggerMessage(EventIds.ActorFailed, LogLevel.Error, "The actor of device {DeviceId} failed.")]
    private partial void LogFailed(Exception exception, string deviceId);
}
