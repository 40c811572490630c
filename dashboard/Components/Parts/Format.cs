using System.Globalization;

namespace Fleet.Dashboard.Components.Parts;

/// <summary>Lengths of time and counts for people.</summary>
internal static class Format
{
    // A text is cut between words, unless it has none.
    private const int LongestWord = 40;

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

    /// <summary>The beginning of a long text, with an ellipsis; no character is cut in two.</summary>
    public static string Shorten(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        var least = Math.Max(0, maxLength - LongestWord);
        var end = maxLength;
        while (end > least && !char.IsWhiteSpace(text[end]))
        {
            end--;
        }

        end = end == least ? maxLength : end;
        return string.Concat(text.AsSpan(0, char.IsLowSurrogate(text[end]) ? end - 1 : end).TrimEnd(), "…");
    }

    public static string? Percent(float? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0} %") : null;
}
