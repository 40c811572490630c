using Fleet.Storage;

namespace Fleet.Dashboard.Components.Parts;

/// <summary>What a row shows of a text: its beginning, or where it says first what was searched for.</summary>
internal static class Excerpt
{
    // A match that is not within the first lines of a row would not be seen in it.
    private const int FirstLines = 120;
    private const int BeforeMatch = 60;

    public static IReadOnlyList<TextSegment> Of(IReadOnlyList<TextSegment> segments, int maxLength)
    {
        var text = string.Concat(segments.Select(segment => segment.Text));
        var match = segments.TakeWhile(segment => !segment.IsMatch).Sum(segment => segment.Text.Length);
        var start = match >= text.Length || match <= FirstLines ? 0 : StartBefore(text, match);
        if (start == 0 && text.Length <= maxLength)
        {
            return segments;
        }

        var end = text.Length - start <= maxLength ? text.Length : start + Format.Shorten(text[start..], maxLength).Length - 1;
        List<TextSegment> shown = [];
        if (start > 0)
        {
            shown.Add(new TextSegment("…", IsMatch: false));
        }

        var position = 0;
        foreach (var segment in segments)
        {
            var from = Math.Max(start - position, 0);
            var to = Math.Min(end - position, segment.Text.Length);
            if (from < to)
            {
                shown.Add(segment with { Text = segment.Text[from..to] });
            }

            position += segment.Text.Length;
        }

        if (end < text.Length)
        {
            shown.Add(new TextSegment("…", IsMatch: false));
        }

        return shown;
    }

    // After a space, so that no word and no character is cut; a text without spaces begins at its match.
    private static int StartBefore(string text, int match)
    {
        var space = text.IndexOf(' ', match - BeforeMatch, BeforeMatch);
        return space < 0 ? match : space + 1;
    }
}
