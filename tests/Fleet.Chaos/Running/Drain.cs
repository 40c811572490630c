using System.Globalization;
using Fleet.Chaos.Parts;
using Fleet.Chaos.Speech;
using Fleet.Chaos.Verdict;
using Fleet.Cli.Local.Processes;
using Npgsql;

namespace Fleet.Chaos.Running;

/// <summary>
/// After the last fault: everything said is stored and gets its final status, within a bounded time. A backlog that a slow machine works off is not
/// stuck: the wait goes on while it shrinks, up to four times the limit.
/// </summary>
internal sealed class Drain(ChaosFleet fleet, WorkFolder folder, TimeSpan limit, Progress progress, TimeProvider time)
{
    private static readonly TimeSpan _readyLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(500);

    private const int MostLimits = 4;

    // Longer than two sweeps of the silo and any time-out of a call.
    private static readonly TimeSpan _standstill = TimeSpan.FromSeconds(90);

    private readonly long _begun = time.GetTimestamp();

    private TimeSpan Left => limit - time.GetElapsedTime(_begun) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <returns>Files that are left in spools.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        progress.Say("the faults are over: all is healed, and drains");
        await fleet.WaitUntilReadyAsync(_readyLimit, cancellationToken);
        // Nobody speaks any more; the agents stay until all is stored, or for as long as they are patient.
        await Task.WhenAll(fleet.Agents.Select(agent => agent.Program.StopAsync(Left, cancellationToken)));
        var waiting = Waiting();
        if (waiting.Count > 0)
        {
            progress.Say($"{waiting.Count} are left in spools: the agents are started once more, to send and not to listen");
            await Task.WhenAll(fleet.Agents.Select(agent => SendAsync(agent, cancellationToken)));
            waiting = Waiting();
        }

        progress.Say($"the spools hold {waiting.Count}");
        await WaitForTranscriptsAsync(cancellationToken);
        return waiting;
    }

    private List<string> Waiting() => [.. fleet.Agents.SelectMany(agent => agent.Waiting())];

    /// <summary>An agent that is given nothing to hear sends what it has and leaves.</summary>
    private async Task SendAsync(AgentPart agent, CancellationToken cancellationToken)
    {
        var quiet = Path.Combine(folder.Speech, "quiet-" + agent.Prefix);
        Directory.CreateDirectory(quiet);
        await File.WriteAllBytesAsync(Path.Combine(quiet, "quiet.wav"), SpeechFolder.QuietWav(), cancellationToken);
        await using var log = new StreamWriter(Path.Combine(folder.Logs, agent.Prefix + ".drain.log")) { AutoFlush = true };
        await using var process = ChildProcess.Start(agent.Command(quiet, []) with
        {
            OnLine = line =>
            {
                lock (log)
                {
                    log.WriteLine(line.Text);
                }
            },
        });
        fleet.Guardian.Run(process.ProcessId);
        try
        {
            await process.Exited.WaitAsync(Left, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await process.StopAsync(UnixSignal.Terminate, TimeSpan.FromSeconds(5), cancellationToken);
        }

        fleet.Guardian.Ended(process.ProcessId);
    }

    private async Task WaitForTranscriptsAsync(CancellationToken cancellationToken)
    {
        var told = -1L;
        var fewest = long.MaxValue;
        var progressedAt = time.GetTimestamp();
        while (true)
        {
            try
            {
                var (rows, waiting, _) = await RowReader.CountAsync(fleet.ConnectionString, cancellationToken);
                if (waiting < fewest)
                {
                    (fewest, progressedAt) = (waiting, time.GetTimestamp());
                }

                var isStuck = Left == TimeSpan.Zero && time.GetElapsedTime(progressedAt) > _standstill;
                if (waiting == 0 || isStuck || time.GetElapsedTime(_begun) > MostLimits * limit)
                {
                    progress.Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{rows} rows, {waiting} without a final status, {time.GetElapsedTime(_begun).TotalSeconds:0} s after the last fault"));
                    return;
                }

                if (waiting / 10 != told)
                {
                    told = waiting / 10;
                    progress.Say($"   {waiting} wait for a transcript");
                }
            }
            catch (NpgsqlException) when (time.GetElapsedTime(_begun) < MostLimits * limit)
            {
                // It restarts by itself; the limit ends the wait.
            }

            await Task.Delay(_poll, time, cancellationToken);
        }
    }
}
