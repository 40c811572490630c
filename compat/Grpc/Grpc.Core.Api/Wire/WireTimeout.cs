using System.Globalization;

namespace Grpc.Core.Wire;

/// <summary>The text of <c>grpc-timeout</c>: at most 8 digits and a unit.</summary>
internal static class WireTimeout
{
    private const long MaxDigits = 99_999_999;

    internal static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            // The protocol wants a positive number.
            return "1n";
        }

        if (timeout.Ticks <= MaxDigits / 100)
        {
            return Text(timeout.Ticks * 100, 'n');
        }

        // Rounded up, so that the server never gives up before the client does.
        (long ticks, char unit)[] units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'),
            (TimeSpan.TicksPerMillisecond, 'm'),
            (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach ((long ticks, char unit) in units)
        {
            long value = ((timeout.Ticks - 1) / ticks) + 1;
            if (value <= MaxDigits)
            {
                return Text(value, unit);
            }
        }

        return Text(Math.Min(MaxDigits, ((timeout.Ticks - 1) / TimeSpan.TicksPerHour) + 1), 'H');
    }

    internal static bool TryParse(string? text, out TimeSpan timeout)
    {
        timeout = default;
        if (text is null || text.Length is < 2 or > 9
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }

        switch (text[^1])
        {
            case 'n':
                timeout = TimeSpan.FromTicks((value + 99) / 100);
                return true;
            case 'u':
                timeout = TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond);
                return true;
            case 'm':
                timeout = TimeSpan.FromTicks(value * TimeSpan.TicksPerMillisecond);
                return true;
            case 'S':
                timeout = TimeSpan.FromTicks(value * TimeSpan.TicksPerSecond);
                return true;
            case 'M':
                timeout = TimeSpan.FromTicks(value * TimeSpan.TicksPerMinute);
                return true;
            case 'H':
                timeout = value > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerHour
                    ? TimeSpan.MaxValue
                    : TimeSpan.FromTicks(value * TimeSpan.TicksPerHour);
                return true;
            default:
                return false;
        }
    }

    private static string Text(long value, char unit) => string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
}
