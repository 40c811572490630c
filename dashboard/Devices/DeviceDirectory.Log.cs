namespace Fleet.Dashboard.Devices;

internal sealed partial class DeviceDirectory
{
    [LoggerMessage(4201, LogLevel.Warning, "The silo at {Address} does not answer; the overview shows what the database knows: {Reason}")]
    private partial void LogSiloAway(Uri address, string reason);

    [LoggerMessage(4202, LogLevel.Information, "The silo answers again after {AwayFor}.")]
    private partial void LogSiloBack(TimeSpan awayFor);
}
