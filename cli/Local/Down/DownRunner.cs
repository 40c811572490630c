using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Down;

/// <summary>`local down`: asks the launcher that runs elsewhere to stop, and ends what a killed one left behind.</summary>
internal sealed class DownRunner(LocalPaths paths, Narrator narrator, TimeProvider timeProvider)
{
    // The sum of what the parts may take, and a little.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan _beginning = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (await ReadStateAsync(cancellationToken) is not { } state)
        {
            narrator.Good("No fleet runs.");
            return 0;
        }

        var launcher = Leftovers.Identity(state.Launcher);
        if (launcher.IsAlive())
        {
            narrator.Step("asking the launcher to stop");
            LibC.Kill(launcher.ProcessId, UnixSignal.Terminate);
            await WaitAsync(launcher, state, cancellationToken);
        }

        // A launcher that ended in order has removed the file; the last state tells what a killed one left.
        var last = RunFile.Read(paths.RunFile) ?? state;
        var stopped = await new Leftovers(narrator, timeProvider).StopAsync(last, cancellationToken);
        if (stopped > 0 && Leftovers.Alive(last).Count > 0)
        {
            narrator.Bad("Some processes are still there; see `ps`.");
            return 1;
        }

        File.Delete(paths.RunFile);
        narrator.Good("The fleet is down.");
        return 0;
    }

    /// <summary>A launcher that has only just begun holds the lock for a moment before it writes the file.</summary>
    private async Task<RunState?> ReadStateAsync(CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        while (true)
        {
            if (RunFile.Read(paths.RunFile) is { } state)
            {
                return state;
            }

            using (var free = Directory.Exists(paths.StateFolder) ? LauncherLock.TryTake(paths.LockFile) : null)
            {
                if (free is not null || !Directory.Exists(paths.StateFolder) || timeProvider.GetElapsedTime(started) > _beginning)
                {
                    return null;
                }
            }

            await Task.Delay(_interval, timeProvider, cancellationToken);
        }
    }

    private async Task WaitAsync(ProcessIdentity launcher, RunState state, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        var left = state.Processes.ToList();
        while (launcher.IsAlive())
        {
            foreach (var gone in left.Where(process => !Leftovers.Identity(process).IsAlive()).ToArray())
            {
                left.Remove(gone);
                narrator.Good($"{gone.Name} stopped");
            }

            if (timeProvider.GetElapsedTime(started) > _limit)
            {
                narrator.Warn("The launcher does not end; it is killed.");
                LibC.Kill(launcher.ProcessId, UnixSignal.Kill);
                return;
            }

            await Task.Delay(_interval, timeProvider, cancellationToken);
        }

        foreach (var gone in left.Where(process => !Leftovers.Identity(process).IsAlive()))
        {
            narrator.Good($"{gone.Name} stopped");
        }
    }
}
