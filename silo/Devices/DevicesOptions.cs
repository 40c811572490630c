using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Devices;

/// <summary>Section Fleet:Devices.</summary>
internal sealed class DevicesOptions
{
    public const string Section = "Fleet:Devices";

    /// <summary>Minutes after which the actor of a device without a session is let go. 1 to 1,440; default 15.</summary>
    [Range(1, 1440)]
    public int IdleMinutes { get; init; } = 15;

    public TimeSpan IdleTime => TimeSpan.FromMinutes(IdleMinutes);
}
