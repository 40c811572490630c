using Fleet.Cli.Api;
using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.Retranscribe;

/// <summary>Waits until the fleet has done what was asked of a run, through restarts of its silos.</summary>
internal static class RunWaiter
{
    private static readonly TimeSpan _firstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(2);

    public static Task<Retranscription> WaitAsync(Retranscription run, FleetClient client, Writers writers, CancellationToken cancellationToken)
    {
        var latest = run;
        return writers.Slow.WhileAsync(PollAsync(), () => $"{JsonLines.Name(latest.State)}: {RunTexts.Progress(latest)}");

        async Task<Retranscription> PollAsync()
        {
            for (var pause = _firstLook; IsBusy(latest); pause = 2 * pause < _longestPause ? 2 * pause : _longestPause)
            {
                await Task.Delay(pause, writers.Time, cancellationToken);
                try
                {
                    latest = await RunFinder.GetAsync(run.RunId, client, cancellationToken);
                }
                catch (Exception exception) when (FleetClient.IsAway(exception) && !cancellationToken.IsCancellationRequested)
                {
                    // Another silo goes on with it; asked again at the next look.
                }
            }

            return latest;
        }
    }

    private static bool IsBusy(Retranscription run) =>
        run.State is Retranscription.Types.State.Running or Retranscription.Types.State.Promoting or Retranscription.Types.State.Discarding;
}
