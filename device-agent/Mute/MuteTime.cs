using System.Globalization;

namespace Fleet.DeviceAgent.Mute;

/// <summary>A time of each day, on the device's own clock and time zone; from later to earlier goes over midnight.</summary>
internal readonly record struct MuteTime(TimeOnly From, TimeOnly To)
{
    public bool Contains(TimeOnly now) => now.IsBetween(From, To);

    /// <summary>As <c>22:00-07:00</c>.</summary>
    public static bool TryParse(string text, out MuteTime time)
    {
        time = default;
        var parts = text.Split('-');
        if (parts.Length != 2 || !TryParseTime(parts[0], out var from) || !TryParseTime(parts[1], out var to) || from == to)
        {
            return false;
        }

        time = new MuteTime(from, to);
        return true;
    }

    private static bool TryParseTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
