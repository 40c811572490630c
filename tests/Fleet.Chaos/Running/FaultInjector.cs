using System.Collections.Concurrent;
using Fleet.Chaos.Network;
using Fleet.Chaos.Parts;
using Fleet.Chaos.Schedule;
using Fleet.Chaos.Verdict;
using Fleet.Cli.Local.Processes;

namespace Fleet.Chaos.Running;

/// <summary>Does what the schedule says, to the parts of a run, and counts what hit something.</summary>
internal sealed class FaultInjector(ChaosFleet fleet, LossCauses causes, IReadOnlyList<string> faultPoints, Progress progress, TimeProvider time)
{
    // Drain, two flushes and some, and a start.
    private static readonly TimeSpan _restartLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(FaultTarget, int), SemaphoreSlim> _turns = new();
    private readonly ConcurrentDictionary<string, int> _hits = new();
    private readonly ConcurrentQueue<FaultSpan> _spans = new();
    private int _hitCount;

    /// <summary>Faults that hit, by kind and target in words.</summary>
    public IReadOnlyDictionary<string, int> Hits => _hits;

    /// <summary>When each of them hit.</summary>
    public IReadOnlyCollection<FaultSpan> Spans => _spans;

    public int HitCount => Volatile.Read(ref _hitCount);

    /// <summary>All of the schedule; ends when the last fault is over.</summary>
    public async Task RunAsync(IReadOnlyList<Fault> schedule, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var running = new List<Task>(schedule.Count);
        foreach (var fault in schedule)
        {
            var wait = fault.At - time.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            running.Add(Task.Run(() => InTurnAsync(fault, cancellationToken), CancellationToken.None));
        }

        await Task.WhenAll(running);
    }

    /// <summary>Whatever is still broken is whole again.</summary>
    public void Heal()
    {
        foreach (var link in fleet.Silos.SelectMany(silo => new[] { silo.DeviceLink, silo.SiloLink }).Append(fleet.DatabaseLink))
        {
            (link.Mode, link.Delay) = (LinkMode.Pass, TimeSpan.Zero);
        }

        foreach (var agent in fleet.Agents)
        {
            agent.Program.Thaw();
            agent.StepClock(0);
        }

        foreach (var silo in fleet.Silos)
        {
            silo.Program.Thaw();
        }

        fleet.Scoring.Thaw();
        fleet.Postgres.Thaw();
        fleet.Disk?.Free();
    }

    /// <summary>A part that is away for longer than planned gets its next fault when it is back.</summary>
    private async Task InTurnAsync(Fault fault, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd((fault.Target, fault.Index), _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            progress.Say(FaultNames.Describe(fault));
            var name = FaultNames.Of(fault.Kind, fault.Target);
            var from = time.GetUtcNow();
            if (await DoAsync(fault, cancellationToken))
            {
                _hits.AddOrUpdate(name, 1, (_, count) => count + 1);
                _spans.Enqueue(new FaultSpan(name, from, time.GetUtcNow()));
                Interlocked.Increment(ref _hitCount);
            }
            else
            {
                progress.Say($"{name}: hit nothing");
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private Task<bool> DoAsync(Fault fault, CancellationToken cancellationToken) => fault.Kind switch
    {
        FaultKind.Kill => VictimOf(fault).KillAsync(fault.Duration, cancellationToken),
        FaultKind.Restart => RestartAsync(fleet.Silos[fault.Index], cancellationToken),
        FaultKind.Roll => RollAsync(cancellationToken),
        FaultKind.ImmediateShutdown => fleet.Postgres.ShutDownAtOnceAsync(fault.Duration, cancellationToken),
        FaultKind.Freeze => FreezeAsync(VictimOf(fault), fault.Duration, cancellationToken),
        FaultKind.Cut => LinkAsync(LinkOf(fault), LinkMode.Cut, fault.Duration, cancellationToken),
        FaultKind.Stall => LinkAsync(LinkOf(fault), LinkMode.Stall, fault.Duration, cancellationToken),
        FaultKind.Swallow => LinkAsync(LinkOf(fault), LinkMode.Swallow, fault.Duration, cancellationToken),
        FaultKind.Delay => DelayAsync(LinkOf(fault), fault, cancellationToken),
        FaultKind.DiskFull => FillDiskAsync(fault.Duration, cancellationToken),
        FaultKind.ClockStep => StepClock(fault),
        FaultKind.FaultPoint => PassFaultPointAsync(fault, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private IVictim VictimOf(Fault fault) => fault.Target switch
    {
        FaultTarget.Agent => fleet.Agents[fault.Index].Program,
        FaultTarget.Silo => fleet.Silos[fault.Index].Program,
        FaultTarget.Scoring => fleet.Scoring,
        FaultTarget.Postgres => fleet.Postgres,
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private TcpLink LinkOf(Fault fault) => fault.Target switch
    {
        FaultTarget.DeviceLink => fleet.Silos[fault.Index].DeviceLink,
        FaultTarget.SiloLink => fleet.Silos[fault.Index].SiloLink,
        _ => fleet.DatabaseLink,
    };

    /// <summary>SIGTERM; it drains, ends, and is started again.</summary>
    private static async Task<bool> RestartAsync(SiloPart silo, CancellationToken cancellationToken) =>
        silo.Program.Process?.Signal(UnixSignal.Terminate) == true && await silo.Program.WaitForOwnEndAsync(_restartLimit, cancellationToken);

    private async Task<bool> RollAsync(CancellationToken cancellationToken)
    {
        foreach (var silo in fleet.Silos)
        {
            silo.IsUpgraded = true;
            if (!await RestartAsync(silo, cancellationToken) || !await fleet.IsReadyWithinAsync(silo, _restartLimit, cancellationToken))
            {
                progress.Say($"rolling restart: {silo.Name} did not end, or was not ready again, within {_restartLimit.TotalSeconds} s");
            }
        }

        return true;
    }

    private async Task<bool> FreezeAsync(IVictim victim, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (!victim.Freeze())
        {
            return false;
        }

        try
        {
            await Task.Delay(duration, time, cancellationToken);
        }
        finally
        {
            victim.Thaw();
        }

        return true;
    }

    private async Task<bool> LinkAsync(TcpLink link, LinkMode mode, TimeSpan duration, CancellationToken cancellationToken)
    {
        var hit = link.Connections > 0;
        link.Mode = mode;
        await Task.Delay(duration, time, cancellationToken);
        // Somebody may have come while nothing came through.
        hit |= link.Connections > 0;
        link.Mode = LinkMode.Pass;
        return hit;
    }

    private async Task<bool> DelayAsync(TcpLink link, Fault fault, CancellationToken cancellationToken)
    {
        var hit = link.Connections > 0;
        link.Delay = TimeSpan.FromMilliseconds(fault.Value);
        await Task.Delay(fault.Duration, time, cancellationToken);
        link.Delay = TimeSpan.Zero;
        return hit;
    }

    private async Task<bool> FillDiskAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (fleet.Disk is not { } disk)
        {
            return false;
        }

        var from = time.GetUtcNow();
        var begun = time.GetTimestamp();
        try
        {
            do
            {
                // Again and again: what the agent deletes makes room.
                disk.Fill();
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
            while (time.GetElapsedTime(begun) < duration);
        }
        finally
        {
            disk.Free();
            causes.DiskWasFull(from, time.GetUtcNow());
        }

        return true;
    }

    private Task<bool> StepClock(Fault fault)
    {
        fleet.Agents[fault.Index].StepClock(fault.Value);
        return Task.FromResult(true);
    }

    private async Task<bool> PassFaultPointAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (faultPoints.Count == 0)
        {
            return false;
        }

        var silo = fleet.Silos[fault.Index];
        var point = faultPoints[(int)(fault.Value % faultPoints.Count)];
        // The first pass after a start is of what was sent again; the third one is of what is spoken now.
        var pass = 1 + (fault.Value / faultPoints.Count % 2 * 2);
        silo.FaultPoint = FormattableString.Invariant($"{point}@{pass}");
        bool restarted;
        try
        {
            restarted = await silo.Program.KillAsync(TimeSpan.Zero, cancellationToken);
        }
        finally
        {
            silo.FaultPoint = null;
        }

        if (!restarted)
        {
            return false;
        }

        if (point.StartsWith("stop.", StringComparison.Ordinal))
        {
            // Only a stop in good order comes there.
            await Task.Delay(TimeSpan.FromSeconds(4), time, cancellationToken);
            silo.Program.Process?.Signal(UnixSignal.Terminate);
        }

        var hit = await silo.Program.WaitForOwnEndAsync(fault.Duration, cancellationToken);
        progress.Say($"fault point {point}@{pass}: {(hit ? "the silo killed itself" : "not passed")}");
        if (!hit)
        {
            // Without the point again.
            await silo.Program.KillAsync(TimeSpan.Zero, cancellationToken);
        }

        return hit;
    }
}
