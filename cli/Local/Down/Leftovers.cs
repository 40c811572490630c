using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Supervision;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Down;

/// <summary>Ends the processes of a run whose launcher was killed: those that run.json names and that are still the very same processes.</summary>
internal sealed class Leftovers(Narrator narrator, TimeProvider timeProvider)
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<RunProcess> Alive(RunState state) =>
        [.. state.Processes.Where(process => Identity(process).IsAlive())];

    /// <summary>Stops them in the order of the list. Returns how many there were.</summary>
    public async Task<int> StopAsync(RunState state, CancellationToken hurry)
    {
        var alive = Alive(state);
        foreach (var process in alive)
        {
            // SIGINT is PostgreSQL's fast stop; SIGTERM would let it wait for its clients.
            var signal = process.Name == PartNames.Postgres ? UnixSignal.Interrupt : UnixSignal.Terminate;
            narrator.Step(string.Create(CultureInfo.InvariantCulture, $"stopping {process.Name} (process {process.ProcessId})"));
            LibC.Kill(-process.ProcessGroupId, signal);
            if (!await EndsAsync(process, _grace, hurry))
            {
                LibC.Kill(-process.ProcessGroupId, UnixSignal.Kill);
                await EndsAsync(process, _afterKill, CancellationToken.None);
                narrator.Warn($"{process.Name} did not end in time and was killed");
            }
        }

        return alive.Count;
    }

    internal static ProcessIdentity Identity(RunProcess process) => new(process.ProcessId, process.StartTicks);

    private async Task<bool> EndsAsync(RunProcess process, TimeSpan limit, CancellationToken hurry)
    {
        var started = timeProvider.GetTimestamp();
        while (Identity(process).IsAlive())
        {
            if (timeProvider.GetElapsedTime(started) > limit || hurry.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(_interval, timeProvider, CancellationToken.None);
        }

        return true;
    }
}
