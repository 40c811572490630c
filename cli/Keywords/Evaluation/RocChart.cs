using System.Globalization;
using System.Text;

namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>Draws misses against false accepts an hour as SVG that reads on light and dark pages.</summary>
internal static class RocChart
{
    private const double Left = 64;
    private const double Top = 40;
    private const double Width = 520;
    private const double Height = 300;
    private const double LeastRate = 0.02;
    private const double MostRate = 200;

    private static readonly string[] _colours = ["#3b82f6", "#f59e0b", "#10b981", "#ef4444", "#a855f7", "#64748b"];

    /// <param name="title">What is drawn.</param>
    /// <param name="curves">With their names.</param>
    public static string Draw(string title, IReadOnlyList<(string Name, OperatingCurve Curve)> curves)
    {
        var svg = new StringBuilder();
        svg.AppendLine("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 410" role="img" font-family="system-ui, sans-serif" font-size="12">""");
        svg.AppendLine("<style>.page{fill:#fff}.ink{fill:#1f2937}.line{stroke:#d1d5db}@media(prefers-color-scheme:dark){.page{fill:#111827}.ink{fill:#e5e7eb}.line{stroke:#374151}}</style>");
        Line(svg, $"""<title>{Escaped(title)}</title><rect class="page" width="620" height="410"/><text class="ink" x="{Left}" y="22" font-size="14">{Escaped(title)}</text>""");
        foreach (var rate in new[] { 0.02, 0.1, 0.5, 2, 10, 50, 200 })
        {
            Line(svg, $"""<line class="line" x1="{X(rate):0.#}" x2="{X(rate):0.#}" y1="{Top}" y2="{Top + Height}"/><text class="ink" x="{X(rate):0.#}" y="{Top + Height + 18}" text-anchor="middle">{rate}</text>""");
        }

        for (var percent = 0; percent <= 100; percent += 20)
        {
            Line(svg, $"""<line class="line" x1="{Left}" x2="{Left + Width}" y1="{Y(percent):0.#}" y2="{Y(percent):0.#}"/><text class="ink" x="{Left - 8}" y="{Y(percent) + 4:0.#}" text-anchor="end">{percent} %</text>""");
        }

        Line(svg, $"""<text class="ink" x="{Left + (Width / 2)}" y="{Top + Height + 38}" text-anchor="middle">false accepts an hour (logarithmic)</text>""");
        Line(svg, $"""<text class="ink" transform="translate(18 {Top + (Height / 2)}) rotate(-90)" text-anchor="middle">keywords heard</text>""");
        for (var i = 0; i < curves.Count; i++)
        {
            Draw(svg, curves[i].Name, curves[i].Curve, _colours[i % _colours.Length], i);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Draw(StringBuilder svg, string name, OperatingCurve curve, string colour, int number)
    {
        var points = new StringBuilder();
        var before = -1.0;
        foreach (var point in curve.Points)
        {
            var heard = 100.0 * (curve.Keywords - point.Misses) / Math.Max(1, curve.Keywords);
            var x = X(Math.Max(point.FalseAccepts / Math.Max(curve.Hours, 1e-9), LeastRate));
            if (before >= 0 && heard != before)
            {
                points.Append(CultureInfo.InvariantCulture, $"{x:0.#},{Y(before):0.#} ");
            }

            points.Append(CultureInfo.InvariantCulture, $"{x:0.#},{Y(heard):0.#} ");
            before = heard;
        }

        Line(svg, $"""<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>""");
        var y = Top + Height - 14 - (16 * number);
        Line(svg, $"""<line x1="{Left + Width - 200}" x2="{Left + Width - 180}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"/><text class="ink" x="{Left + Width - 174}" y="{y}">{Escaped(name)}</text>""");
    }

    private static double X(double rate) =>
        Left + (Width * Math.Clamp(Math.Log(rate / LeastRate) / Math.Log(MostRate / LeastRate), 0, 1));

    private static double Y(double percent) => Top + (Height * (1 - (percent / 100)));

    private static void Line(StringBuilder svg, FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text) ?? "";
}
