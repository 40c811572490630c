using System.CommandLine;
using System.Globalization;

namespace Fleet.Cli.History;

/// <summary>Options that take a moment: so long ago (90s, 30m, 2h, 7d), or a date or time.</summary>
internal static class MomentOption
{
    private static readonly string[] _formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    public static Option<DateTimeOffset?> Create(string name, string description, TimeProvider time) => new(name)
    {
        Description = description,
        HelpName = "AGO|TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, time, out var moment))
            {
                return moment;
            }

            result.AddError($"{name} '{text}' is no moment: give how long ago (90s, 30m, 2h, 7d), a date (2026-11-30), or a time (2026-11-30T08:15, 2026-11-30T08:15:00Z).");
            return null;
        },
    };

    /// <summary>A time without zone is by the clock of this machine.</summary>
    internal static bool TryParse(string text, TimeProvider time, out DateTimeOffset moment)
    {
        moment = default;
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var unit = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(1),
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                'w' => TimeSpan.FromDays(7),
                _ => TimeSpan.Zero,
            };
            if (unit == TimeSpan.Zero || !double.IsFinite(number) || number * unit.TotalDays > 36_500)
            {
                return false;
            }

            moment = time.GetUtcNow() - (unit * number);
            return true;
        }

        if (DateTime.TryParseExact(text, _formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            moment = new DateTimeOffset(local, time.LocalTimeZone.GetUtcOffset(local));
            return moment >= DateTimeOffset.UnixEpoch;
        }

        // With a zone: Z or +01:00.
        return text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out moment)
            && moment >= DateTimeOffset.UnixEpoch;
    }
}
