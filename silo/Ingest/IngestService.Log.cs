using Fleet.Silo.Telemetry;
using Grpc.Core;

namespace Fleet.Silo.Ingest;

internal sealed partial class IngestService
{
    private void LogOpened(string deviceId, long epoch, string agentVersion, string peer) => LogOpened(logger, deviceId, epoch, agentVersion, peer);

    private void LogClosed(string deviceId, long epoch, TimeSpan lasted, StatusCode status, string detail) =>
        LogClosed(logger, deviceId, epoch, lasted, status, detail);

    private void LogRefused(string peer, StatusCode status, string detail, long unlogged) => LogRefused(logger, peer, status, detail, unlogged);

    private void LogDeviceRefused(string deviceId, string peer, string reason) => LogDeviceRefused(logger, deviceId, peer, reason);

    [LoggerMessage(EventIds.SessionOpened, LogLevel.Information, "Device {DeviceId} opened session {Epoch} ({AgentVersion}, {Peer}).")]
    private static partial void LogOpened(ILogger logger, string deviceId, long epoch, string agentVersion, string peer);

    [LoggerMessage(EventIds.SessionClosed, LogLevel.Information, "Device {DeviceId} ended session {Epoch} after {Lasted}: {Status} {Detail}")]
    private static partial void LogClosed(ILogger logger, string deviceId, long epoch, TimeSpan lasted, StatusCode status, string detail);

    [LoggerMessage(EventIds.SessionRefused, LogLevel.Information, "{Peer} got no session: {Status} {Detail} ({Unlogged} refusals were not logged since the last one that was.)")]
    private static partial void LogRefused(ILogger logger, string peer, StatusCode status, string detail, long unlogged);

    [LoggerMessage(EventIds.SessionFaulted, LogLevel.Warning, "Device {DeviceId} at {Peer} got no session: {Reason}")]
    private static partial void LogDeviceRefused(ILogger logger, string deviceId, string peer, string reason);
}
