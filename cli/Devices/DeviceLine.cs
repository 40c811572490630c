using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.Devices;

/// <summary>A device as `devices --json` writes it.</summary>
internal sealed record DeviceLine(
    string DeviceId, bool Online, string? LastSeenAt, string? AgentVersion, ulong Spoken, ulong Stored, ulong Lost, ulong Missing, uint SpoolUtterances,
    ulong SpoolBytes, uint OpenUtterances, IReadOnlyList<string> Health)
{
    public static DeviceLine From(DeviceInfo device) => new(
        device.DeviceId,
        device.Online,
        JsonLines.Time(device.LastSeenUnixMs),
        JsonLines.NullIfEmpty(device.AgentVersion),
        device.SpokenUtterances,
        device.StoredUtterances,
        device.LostUtterances,
        device.MissingUtterances,
        device.SpoolUtterances,
        device.SpoolBytes,
        device.OpenUtterances,
        [.. device.Health]);
}
