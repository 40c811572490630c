using Fleet.DeviceAgent.Uplink;
using Fleet.Testing.Time;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>
/// A cloud that keeps the protocol's rules and is struck by faults from a seed: links cut at any message, answers lost, late or said twice,
/// utterances refused for now, no credit for a while, parts forgotten. It remembers what it has committed, and notes what a device did wrong.
/// </summary>
internal sealed class ScriptedCloud(int seed, FakeTimeProvider time) : IIngestConnector, IAsyncDisposable
{
    private static readonly DateTimeOffset _serverTimeAtZero = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private ScriptedSession? _session;

    public Lock Gate { get; } = new();

    /// <summary>No faults any more.</summary>
    public bool IsHealthy { get; set; }

    public bool IsAway { get; set; }

    /// <summary>Committed content, by id.</summary>
    public Dictionary<string, (UtteranceStart Start, byte[] Pcm)> Stored { get; } = [];

    public Dictionary<string, UtteranceLost> Lost { get; } = [];

    /// <summary>Parts whose session broke.</summary>
    public Dictionary<string, byte[]> Parked { get; } = [];

    public List<string> Violations { get; } = [];

    public int Faults { get; private set; }

    public int Resumed { get; set; }

    public DateTimeOffset ServerTime => _serverTimeAtZero + time.GetElapsedTime(0);

    public Task<IIngestConnection> ConnectAsync(int turn, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (IsAway || Strikes(10))
            {
                throw new IngestException(IngestFault.Unavailable, "connection refused");
            }

            _session?.Break();
            _session = new ScriptedSession(this);
            return Task.FromResult<IIngestConnection>(_session);
        }
    }

    public ValueTask DisposeAsync() => _session?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What was held back comes now.</summary>
    public void Pump()
    {
        lock (Gate)
        {
            _session?.Pump();
        }
    }

    public void Cut()
    {
        lock (Gate)
        {
            _session?.Break();
        }
    }

    /// <summary>One in so many times, while it is not healthy.</summary>
    public bool Strikes(int oneIn)
    {
        var strikes = !IsHealthy && _random.Next(oneIn) == 0;
        Faults += strikes ? 1 : 0;
        return strikes;
    }

    public int Choose(params int[] values) => values[_random.Next(values.Length)];

    public void CheckSettled(ulong next, ulong settledBelow)
    {
        var known = Stored.Values.Select(stored => stored.Start.SequenceNumber).Concat(Lost.Values.Select(lost => lost.SequenceNumber)).ToHashSet();
        if (settledBelow == 0 || settledBelow > next)
        {
            Violations.Add($"settled_below is {settledBelow}, the next number {next}");
        }

        for (var number = 1UL; number < settledBelow; number++)
        {
            if (!known.Contains(number))
            {
                Violations.Add($"number {number} is below settled_below ({settledBelow}) and was never answered");
            }
        }
    }
}
