using System.Globalization;

namespace Fleet.Dashboard.Style;

/// <summary>How well one colour is seen on another, as WCAG 2 counts it: 1 (not at all) to 21.</summary>
internal static class Contrast
{
    /// <summary>What text needs (level AA).</summary>
    public const double Text = 4.5;

    /// <summary>What a line, a dot or a bar needs that says something.</summary>
    public const double Shape = 3;

    /// <summary>Of two colours such as <c>#3f51d9</c>.</summary>
    public static double Ratio(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour) => 0.2126 * Channel(colour, 1) + 0.7152 * Channel(colour, 3) + 0.0722 * Channel(colour, 5);

    private static double Channel(string colour, int at)
    {
        var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
