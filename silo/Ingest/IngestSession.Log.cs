using Fleet.Silo.Telemetry;
using Fleet.V1;

namespace Fleet.Silo.Ingest;

internal sealed partial class IngestSession
{
    private void LogRejected(string deviceId, Guid utteranceId, UtteranceRejected.Types.Code code, string reason) =>
        LogRejected(_services.Logger, deviceId, utteranceId, code, reason);

    private void LogAgentLine(string deviceId, string line) => LogAgentLine(_services.Logger, deviceId, string.Concat(line.Where(c => !char.IsControl(c))));

    [LoggerMessage(EventIds.UtteranceRejected, LogLevel.Debug, "Device {DeviceId}: utterance {UtteranceId} was rejected, {Code}: {Reason}")]
    private static partial void LogRejected(ILogger logger, string deviceId, Guid utteranceId, UtteranceRejected.Types.Code code, string reason);

    private void LogQueryFailed(string deviceId, Exception exception) => LogQueryFailed(_services.Logger, deviceId, exception);

    [LoggerMessage(EventIds.ResumeQueryFailed, LogLevel.Error, "Device {DeviceId}: where its utterances stand could not be found out.")]
    private static partial void LogQueryFailed(ILogger logger, string deviceId, Exception exception);

    [LoggerMessage(EventIds.AgentLog, LogLevel.Debug, "Device {DeviceId} logged: {Line}")]
    private static partial void LogAgentLine(ILogger logger, string deviceId, string line);
}
