using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Spool;
using Fleet.V1;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>The command line, parsed and in range.</summary>
internal sealed record AgentArguments
{
    public required string Server { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>From the environment; a key file goes first.</summary>
    public string? Key { get; init; }

    public string? CaFile { get; init; }

    public bool PrivateNetwork { get; init; }

    public required string StateFolder { get; init; }

    public string? DeviceId { get; init; }

    /// <summary>0: one real device.</summary>
    public int Simulate { get; init; }

    public required string Play { get; init; }

    public PlayerOptions Player { get; init; } = new();

    public Trigger Trigger { get; init; } = Trigger.Vad;

    public EndpointerOptions Endpointer { get; init; } = new();

    public SpoolOptions Spool { get; init; } = new();

    public bool Json { get; init; }

    /// <summary>Leave when everything played is stored and answered.</summary>
    public bool Exit { get; init; }

    /// <summary>As <see cref="Exit"/>, but after this time at the latest.</summary>
    public TimeSpan? Linger { get; init; }

    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public bool Verbose { get; init; }
}
