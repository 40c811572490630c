using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Configuration;

namespace Fleet.DeviceAgent.Devices;

/// <summary>Runs the devices of one process from their first sample to the last ack.</summary>
internal sealed partial class DeviceGroup(
    IReadOnlyList<Device> devices,
    Playlist playlist,
    PlayReport report,
    AgentArguments arguments,
    TextWriter errors,
    TimeProvider time,
    ILogger logger)
{
    // With --exit: a cloud that stored everything and answers nothing more is not waited for beyond this.
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromMinutes(2);

    // Of hundreds of simulated devices the first ones tell enough.
    private const int MaxDevicesTold = 5;

    private static readonly TimeSpan _answerPoll = TimeSpan.FromMilliseconds(100);

    public async Task<int> RunAsync(CancellationToken stopping)
    {
        using var connected = new CancellationTokenSource();
        var uplinks = Task.WhenAll(devices.Select(device =>
            Task.Run(() => device.StayConnectedAsync(connected.Token), CancellationToken.None)));

        await Task.WhenAll(devices.Select((device, index) =>
            Task.Run(() => PlayAsync(device, playlist.Deal(index, devices.Count), stopping), CancellationToken.None)));
        var nothingPlayed = report.Heard == 0 && !stopping.IsCancellationRequested;
        if (nothingPlayed)
        {
            await errors.WriteLineAsync(arguments.Capture is { } input ? $"No sound came from {input.Input.Text}." : "Nothing could be played.");
        }
        else
        {
            await StayAsync(uplinks, stopping);
        }

        await WaitForAcksAsync();
        await connected.CancelAsync();
        await uplinks;
        await Task.WhenAll(devices.Select(device => device.FinishHooksAsync()));
        await TellAsync();
        if (nothingPlayed)
        {
            return ExitCodes.NothingPlayed;
        }

        // Who stops the agent knows that the rest stays in the spool.
        return Leaves && !stopping.IsCancellationRequested && !IsEverythingStored ? ExitCodes.NotStored : ExitCodes.Done;
    }

    private bool Leaves => arguments.Exit || arguments.Linger is not null;

    private bool IsEverythingStored => devices.All(device => device.Spool is { Count: 0, LostUtterances: 0, QuarantinedUtterances: 0 });

    private async Task PlayAsync(Device device, IReadOnlyList<Recording> recordings, CancellationToken stopping)
    {
        try
        {
            await (arguments.Capture is null ? device.PlayAsync(recordings, stopping) : device.ListenAsync(stopping));
        }
        catch (Exception ex)
        {
            // The other devices go on.
            LogPlayerFailed(device.Id, ex);
        }
    }

    private async Task StayAsync(Task uplinks, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var linger = new CancellationTokenSource(arguments.Linger ?? Timeout.InfiniteTimeSpan, time);
        await using var onLinger = linger.Token.UnsafeRegister(_ => end.Cancel(), null);
        try
        {
            if (Leaves)
            {
                await WaitForAnswersAsync(end.Token);
            }
            else
            {
                await uplinks.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Stopped, or the time is over.
        }
    }

    private async Task WaitForAnswersAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(devices.Select(device => device.Spool.WhenEmptyAsync(cancellationToken)));
        while (devices.Any(device => device.Transcripts.Pending > 0))
        {
            if (devices.Min(device => device.Transcripts.SinceProgress) > _answerTimeout)
            {
                LogNoAnswers(devices.Sum(device => device.Transcripts.Pending), _answerTimeout.TotalSeconds);
                return;
            }

            await Task.Delay(_answerPoll, time, cancellationToken);
        }
    }

    private async Task WaitForAcksAsync()
    {
        using var timeout = new CancellationTokenSource(arguments.StopTimeout, time);
        try
        {
            await Task.WhenAll(devices.Select(device => device.Spool.WhenEmptyAsync(timeout.Token)));
        }
        catch (OperationCanceledException)
        {
            // What is left is told.
        }
    }

    private async Task TellAsync()
    {
        var left = devices.Where(device => device.Spool.Count > 0).ToList();
        foreach (var device in left.Take(MaxDevicesTold))
        {
            await errors.WriteLineAsync(
                $"{device.Id}: not stored yet: {device.Spool.Count} utterances ({device.Spool.Bytes} bytes). " +
                "They stay in the spool and are sent at the next start.");
        }

        if (left.Count > MaxDevicesTold)
        {
            await errors.WriteLineAsync($"So it is with {left.Count - MaxDevicesTold} more devices.");
        }

        await errors.WriteLineAsync(
            $"{devices.Sum(device => device.Recorded)} utterances recorded, {devices.Sum(device => device.Transcripts.Stored)} stored, " +
            $"{devices.Sum(device => device.Spool.Count)} in the spool, " +
            $"{devices.Sum(device => device.Spool.QuarantinedUtterances)} in quarantine, " +
            $"{devices.Sum(device => device.Spool.LostUtterances)} lost.");
    }

    [LoggerMessage(400, LogLevel.Error, "The player of {DeviceId} failed; its uplink and the other devices go on")]
    private partial void LogPlayerFailed(string deviceId, Exception exception);

    [LoggerMessage(
        401, LogLevel.Warning,
        "{Pending} transcripts have not come, and nothing has come for {Seconds} s; the agent leaves. They will be in " +
        "the history")]
    private partial void LogNoAnswers(int pending, double seconds);
}
