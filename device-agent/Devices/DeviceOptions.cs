using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Hooks;
using Fleet.DeviceAgent.Keywords;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;

namespace Fleet.DeviceAgent.Devices;

/// <summary>What the devices of one process have in common.</summary>
internal sealed record DeviceOptions
{
    public required Trigger Trigger { get; init; }

    public required EndpointerOptions Endpointer { get; init; }

    public required PlayerOptions Player { get; init; }

    /// <summary>Keywords; null unless the trigger is one.</summary>
    public KeywordOptions? Keyword { get; init; }

    /// <summary>Live sound; null when recordings are played.</summary>
    public CaptureOptions? Capture { get; init; }

    public required SpoolOptions Spool { get; init; }

    public required UplinkOptions Uplink { get; init; }

    /// <summary>Commands to run for what happens.</summary>
    public HookOptions Hooks { get; init; } = new();

    /// <summary>For tests: folder of the ledgers; null = none is kept.</summary>
    public string? LedgerFolder { get; init; }
}
