using Fleet.Silo.Membership;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Says in health that a commit hangs, long before the statement's time-out ends it: a lock, or a synchronous replica that is gone, stops commits
/// while the database answers everything else.
/// </summary>
internal sealed class SlowCommitWorker(UtteranceWriter writer, SiloStatus status, TimeProvider time) : BackgroundService
{
    /// <summary>Far above what a commit takes under load (docs/benchmarks.md), far below the time-out of a statement.</summary>
    internal static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isSaid = false;
        using var timer = new PeriodicTimer(_look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (writer.StoringFor is { } since && since >= Slow)
                {
                    status.SetWritesHeld($"The database has not answered a commit for {since.TotalSeconds:0} s.");
                    isSaid = true;
                }
                else if (isSaid && !writer.IsHeld)
                {
                    // Said a moment after it was over, it would stay said.
                    isSaid = false;
                    status.SetWritesResumed();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop.
        }
    }
}
