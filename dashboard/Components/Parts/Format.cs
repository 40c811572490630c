using System.Globalization;

namespace Fleet.Dashboard.Components.Parts;

/// <summary>Lengths of time and counts for people.</summary>
internal static class Format
{
    public static string Duration(TimeSpan duration) => duration.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes}:{duration.Seconds:00} min");

    /// <summary>How long something waits, in the unit in which one would say it.</summary>
    public static string Wait(TimeSpan wait) => wait switch
    {
        { TotalSeconds: < 90 } => $"{Count((long)wait.TotalSeconds)} s",
        { TotalMinutes: < 90 } => $"{Count((long)wait.TotalMinutes)} min",
        { TotalHours: < 48 } => $"{Count((long)wait.TotalHours)} h",
        _ => $"{Count((long)wait.TotalDays)} days",
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Of(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    public static string? Percent(float? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0} %") : null;
}
