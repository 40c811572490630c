using System.Globalization;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Hooks;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Keywords;
using Fleet.DeviceAgent.Spool;
using Fleet.V1;

namespace Fleet.DeviceAgent.Configuration;

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

    /// <summary>Other agents use the same folder: this one takes a part of it.</summary>
    public bool ShareStateFolder { get; init; }

    public string? DeviceId { get; init; }

    /// <summary>0: one real device.</summary>
    public int Simulate { get; init; }

    /// <summary>Recordings to play; null with <see cref="Capture"/>.</summary>
    public string? Play { get; init; }

    /// <summary>Live sound; null with <see cref="Play"/>.</summary>
    public CaptureOptions? Capture { get; init; }

    public PlayerOptions Player { get; init; } = new();

    public Trigger Trigger { get; init; } = Trigger.Vad;

    /// <summary>Keywords that start utterances; null: something else does.</summary>
    public KeywordOptions? Keyword { get; init; }

    public EndpointerOptions Endpointer { get; init; } = new();

    /// <summary>Path of the model that tells speech from noise; null: the one beside the program.</summary>
    public string? SpeechModel { get; init; }

    public SpoolOptions Spool { get; init; } = new();

    /// <summary>Commands to run for what happens.</summary>
    public HookOptions Hooks { get; init; } = new();

    public bool Json { get; init; }

    /// <summary>Leave when everything played is stored and answered.</summary>
    public bool Exit { get; init; }

    /// <summary>As <see cref="Exit"/>, but after this time at the latest.</summary>
    public TimeSpan? Linger { get; init; }

    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public bool Verbose { get; init; }

    /// <summary>Log lines as JSON objects.</summary>
    public bool LogJson { get; init; }

    /// <summary>For tests: folder of the ledgers; null = none is kept.</summary>
    public string? LedgerFolder { get; init; }

    /// <summary>Look whether all is well instead of running.</summary>
    public bool Check { get; init; }

    /// <summary>With <see cref="Check"/>: how long level, speech and keyword of the microphone are shown; null = long enough to speak, in a terminal alone.</summary>
    public TimeSpan? CheckLive { get; init; }

    /// <summary>The devices that this process is: one, or as many as are simulated.</summary>
    public IReadOnlyList<string> DeviceIds()
    {
        if (Simulate == 0)
        {
            return [DeviceId ?? DeviceName.FromHostName(Environment.MachineName)];
        }

        var prefix = DeviceId ?? "pi";
        return [.. Enumerable.Range(0, Simulate).Select(index => DeviceName.Simulated(prefix, index, Simulate))];
    }

    /// <summary>With a part of a shared state folder: its path, and names that no agent of another part has.</summary>
    public AgentArguments In(StatePart part) => this with
    {
        StateFolder = part.Path,
        DeviceId = string.Create(
            CultureInfo.InvariantCulture, $"{DeviceId ?? (Simulate == 0 ? DeviceName.FromHostName(Environment.MachineName) : "pi")}-{part.Number}"),
    };

    /// <summary>Where this device keeps identity and spool.</summary>
    public string FolderOf(string deviceId) => Simulate == 0 ? StateFolder : Path.Combine(StateFolder, deviceId);
}
