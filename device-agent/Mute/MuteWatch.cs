using Fleet.DeviceAgent.Health;

namespace Fleet.DeviceAgent.Mute;

/// <summary>Tells of each change of the switch, once: in the log and in the device's health.</summary>
internal sealed partial class MuteWatch(MuteSwitch mute, DeviceHealth health, ILogger logger)
{
    public bool IsMuted
    {
        get
        {
            var isMuted = mute.IsMuted;
            if (health.Set(DeviceHealth.Muted, isMuted))
            {
                if (isMuted)
                {
                    LogMuted();
                }
                else
                {
                    LogHeard();
                }
            }

            return isMuted;
        }
    }

    [LoggerMessage(630, LogLevel.Information, "The microphone is muted: nothing is listened to, recorded or sent")]
    private partial void LogMuted();

    [LoggerMessage(631, LogLevel.Information, "The microphone is not muted any more")]
    private partial void LogHeard();
}
