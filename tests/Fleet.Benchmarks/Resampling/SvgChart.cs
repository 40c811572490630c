using System.Globalization;
using System.Text;

namespace Fleet.Benchmarks.Resampling;

/// <summary>Draws panels of lines, one below the other, as one SVG file that is readable on light and dark pages.</summary>
internal sealed class SvgChart
{
    private const double Width = 900;
    private const double PanelHeight = 380;
    private const double Left = 64;
    private const double Right = 150;
    private const double Top = 46;
    private const double Bottom = 52;

    // Told apart by people with any colour vision (Okabe and Ito), darkened where white paper needs it.
    private static readonly string[] _colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7f4fc9"];

    private readonly StringBuilder _svg = new();

    public static string Draw(IReadOnlyList<Plot> plots)
    {
        var chart = new SvgChart();
        var height = plots.Count * PanelHeight;
        chart.Line($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="13">""");
        chart.Line(
            """
            <style>
              .page { fill: #ffffff } .text { fill: #24292f } .soft { fill: #57606a } .grid { stroke: #d8dee4 } .axis { stroke: #8c959f } .limit { stroke: #cf222e } .limit-text { fill: #cf222e }
              @media (prefers-color-scheme: dark) { .page { fill: #0d1117 } .text { fill: #e6edf3 } .soft { fill: #9da7b1 } .grid { stroke: #262c33 } .axis { stroke: #6e7681 } .limit { stroke: #ff7b72 } .limit-text { fill: #ff7b72 } }
            </style>
            """);
        chart.Line($"""<rect class="page" width="{Width}" height="{height}"/>""");
        for (var i = 0; i < plots.Count; i++)
        {
            chart.Line($"""<g transform="translate(0 {i * PanelHeight})">""");
            chart.Panel(plots[i]);
            chart.Line($"</g>");
        }

        chart.Line($"</svg>");
        return chart._svg.ToString();
    }

    private void Panel(Plot plot)
    {
        var (right, bottom) = (Width - Right, PanelHeight - Bottom);
        double X(double kilohertz) => Left + (kilohertz / plot.MaxKilohertz * (right - Left));
        double Y(double decibels) =>
            Top + ((plot.MaxDecibels - Math.Clamp(decibels, plot.MinDecibels, plot.MaxDecibels)) / (plot.MaxDecibels - plot.MinDecibels) * (bottom - Top));

        Line($"""<text class="text" x="{Left}" y="24" font-size="15" font-weight="600">{plot.Title}</text>""");
        for (var decibels = 0; decibels >= plot.MinDecibels; decibels -= 20)
        {
            Line($"""<line class="grid" x1="{Left}" x2="{right}" y1="{Y(decibels):F1}" y2="{Y(decibels):F1}"/>""");
            Line($"""<text class="soft" x="{Left - 8}" y="{Y(decibels) + 4:F1}" text-anchor="end">{decibels}</text>""");
        }

        var step = plot.MaxKilohertz > 12 ? 2 : 1;
        for (var kilohertz = 0; kilohertz <= plot.MaxKilohertz; kilohertz += step)
        {
            Line($"""<line class="grid" x1="{X(kilohertz):F1}" x2="{X(kilohertz):F1}" y1="{Top}" y2="{bottom}"/>""");
            Line($"""<text class="soft" x="{X(kilohertz):F1}" y="{bottom + 18}" text-anchor="middle">{kilohertz}</text>""");
        }

        Line($"""<path class="axis" fill="none" d="M{Left} {Top}V{bottom}H{right}"/>""");
        Line($"""<text class="soft" x="{(Left + right) / 2}" y="{bottom + 40}" text-anchor="middle">frequency of the tone that goes in, kHz</text>""");
        Line($"""<text class="soft" transform="translate(18 {(Top + bottom) / 2}) rotate(-90)" text-anchor="middle">dB</text>""");

        var limit = Y(plot.Limit.Decibels);
        for (var i = 0; i < plot.Lines.Count; i++)
        {
            var (name, points) = plot.Lines[i];
            var colour = _colours[i % _colours.Length];
            var path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
            Line($"""<polyline fill="none" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round" points="{path}"/>""");
            var y = Top + 8 + (i * 22);
            Line($"""<line x1="{right + 16}" x2="{right + 40}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3"/>""");
            Line($"""<text class="text" x="{right + 48}" y="{y + 4}">{name}</text>""");
        }

        Line($"""<line class="limit" x1="{Left}" x2="{right}" y1="{limit:F1}" y2="{limit:F1}" stroke-width="1.5" stroke-dasharray="7 5"/>""");
        Line($"""<text class="limit-text" x="{right - 8}" y="{limit - 6:F1}" text-anchor="end">{plot.Limit.Text}</text>""");
    }

    private void Line(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void Line(string text) => _svg.Append(text).Append('\n');
}
