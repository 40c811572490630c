namespace Fleet.Cli.Local.Supervision;

/// <summary>
/// Starts the parts of a local fleet in the order of their dependencies, starts again what dies, and stops them one after the other in the reverse
/// order of the list. Whatever happens at the start, <see cref="StopAsync"/> leaves nothing running.
/// </summary>
internal sealed class Supervisor(
    IReadOnlyList<IPart> parts, ISupervisorEvents events, SupervisorOptions options, TimeProvider timeProvider) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _keepersLock = new();
    private readonly List<Task> _keepers = [];

    /// <summary>Ends when every part answers.</summary>
    /// <exception cref="PartStartException">The first failure; the parts that were being started are given up.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var ready = parts.ToDictionary(part => part.Name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var starts = parts.Select(part => StartOneAsync(part, ready, giveUp)).ToArray();
        try
        {
            await Task.WhenAll(starts);
        }
        catch (Exception)
        {
            // Whose fault it was comes first; the others were only cancelled because of it.
            var failure = starts.Select(start => start.Exception?.InnerException).OfType<PartStartException>().FirstOrDefault();
            if (failure is not null)
            {
                throw failure;
            }

            throw;
        }
    }

    /// <summary>Stops all parts, also those whose start failed or is under way. <paramref name="hurry"/> kills what has not ended yet.</summary>
    public async Task StopAsync(CancellationToken hurry)
    {
        await _stopping.CancelAsync();
        Task[] keepers;
        lock (_keepersLock)
        {
            keepers = [.. _keepers];
        }

        await Task.WhenAll(keepers);
        foreach (var part in parts.Reverse())
        {
            if (part.Process is not { Exited.IsCompleted: false })
            {
                continue;
            }

            events.Stopping(part);
            var started = timeProvider.GetTimestamp();
            var byItself = await part.StopAsync(hurry);
            events.Stopped(part, byItself, timeProvider.GetElapsedTime(started));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        foreach (var part in parts.Reverse().OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task StartOneAsync(IPart part, Dictionary<string, TaskCompletionSource> ready, CancellationTokenSource giveUp)
    {
        try
        {
            await Task.WhenAll(part.After.Select(name => ready[name].Task)).WaitAsync(giveUp.Token);
            await StartPartAsync(part, giveUp.Token);
            ready[part.Name].SetResult();
        }
        catch
        {
            await giveUp.CancelAsync();
            throw;
        }

        lock (_keepersLock)
        {
            _keepers.Add(KeepRunningAsync(part, _stopping.Token));
        }
    }

    private async Task StartPartAsync(IPart part, CancellationToken cancellationToken)
    {
        events.Starting(part);
        var started = timeProvider.GetTimestamp();
        await part.StartAsync(() => events.Started(part), cancellationToken);
        events.Ready(part, timeProvider.GetElapsedTime(started));
    }

    private async Task KeepRunningAsync(IPart part, CancellationToken stopping)
    {
        var backoff = options.FirstBackoff;
        try
        {
            while (true)
            {
                var since = timeProvider.GetTimestamp();
                var exitCode = await part.Process!.Exited.WaitAsync(stopping); // it was started before
                if (part.MayFinish && exitCode == 0)
                {
                    events.Finished(part);
                    return;
                }

                if (timeProvider.GetElapsedTime(since) > options.HealthyAfter)
                {
                    backoff = options.FirstBackoff;
                }

                events.Died(part, exitCode, backoff);
                backoff = await StartAgainAsync(part, backoff, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // We are asked to stop: StopAsync ends the process in its turn.
        }
    }

    private async Task<TimeSpan> StartAgainAsync(IPart part, TimeSpan backoff, CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(backoff, timeProvider, stopping);
            backoff = backoff * 2 < options.MaxBackoff ? backoff * 2 : options.MaxBackoff;
            try
            {
                await StartPartAsync(part, stopping);
                return backoff;
            }
            catch (PartStartException ex)
            {
                events.RestartFailed(part, ex.Message, backoff);
            }
        }
    }
}
