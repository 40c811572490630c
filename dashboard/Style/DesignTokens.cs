using System.Text.RegularExpressions;

namespace Fleet.Dashboard.Style;

/// <summary>The values of <c>tokens.css</c>, so that the style page shows what the pages have and not what somebody wrote down about it.</summary>
internal sealed partial class DesignTokens
{
    private DesignTokens(IReadOnlyDictionary<string, (string Light, string Dark)> colours, IReadOnlyDictionary<string, string> sizes)
    {
        Colours = colours;
        Sizes = sizes;
    }

    /// <summary>By name without the dashes, such as <c>text-2</c>.</summary>
    public IReadOnlyDictionary<string, (string Light, string Dark)> Colours { get; }

    /// <summary>Sizes of type and space, in rem, by name.</summary>
    public IReadOnlyDictionary<string, string> Sizes { get; }

    public static DesignTokens Parse(string css) => new(
        Colour().Matches(css).ToDictionary(
            match => match.Groups["name"].Value,
            match => (match.Groups["light"].Value, match.Groups["dark"].Success ? match.Groups["dark"].Value : match.Groups["light"].Value)),
        Size().Matches(css).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["size"].Value));

    /// <summary>In light and in dark colours.</summary>
    public (double Light, double Dark) Contrast(string colour, string ground)
    {
        var (a, b) = (Colours[colour], Colours[ground]);
        return (Style.Contrast.Ratio(a.Light, b.Light), Style.Contrast.Ratio(a.Dark, b.Dark));
    }

    [GeneratedRegex(@"--(?<name>[\w-]+): (light-dark\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\)|(?<light>#[0-9a-f]{6}));")]
    private static partial Regex Colour();

    [GeneratedRegex(@"--(?<name>(text|space)-\w+): (?<size>[\d.]+rem);")]
    private static partial Regex Size();
}
