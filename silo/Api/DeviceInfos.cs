using Fleet.Contracts.Actors;
using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Silo.Api;

/// <summary>Devices as the fleet API shows them: what the database knows, and what their actors know right now.</summary>
internal static class DeviceInfos
{
    public static DeviceInfo From(DeviceSummary device, UtteranceAccount account, DevicePresence? presence)
    {
        var lastSeen = presence?.LastSeen is { } now && now > device.LastSeen ? now : device.LastSeen;
        var info = new DeviceInfo
        {
            DeviceId = device.DeviceId,
            Online = presence?.Online ?? false,
            LastSeenUnixMs = lastSeen.ToUnixTimeMilliseconds(),
            AgentVersion = device.AgentVersion,
            StoredUtterances = (ulong)device.StoredUtterances,
            SpokenUtterances = (ulong)account.Spoken,
            LostUtterances = (ulong)account.Lost,
            MissingUtterances = (ulong)account.Missing,
            OpenUtterances = (uint)(presence?.OpenUtterances ?? 0),
        };
        if (presence?.Report is { } report)
        {
            info.SpoolUtterances = report.SpoolUtterances;
            info.SpoolBytes = report.SpoolBytes;
            info.Health.AddRange(report.Health);
        }

        return info;
    }
}
