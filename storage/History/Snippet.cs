using System.Text;

namespace Fleet.Storage;

/// <summary>Reads what ts_headline marked. The marks are characters for private use, which the SQL takes out of the text first.</summary>
internal static class Snippet
{
    public const char StartMark = '\uE000';
    public const char StopMark = '\uE001';

    /// <summary>Both marks; and what stands for them where a text has them of its own.</summary>
    public const string Marks = "\uE000\uE001";
    public const string Replacements = "\uFFFD\uFFFD";

    /// <summary>The whole text, marked, with whatever looks like HTML left as it is.</summary>
    public const string HeadlineOptions = "HighlightAll=true, StartSel=\"\uE000\", StopSel=\"\uE001\"";

    public static IReadOnlyList<TextSegment> Plain(string text) => text.Length == 0 ? [] : [new TextSegment(text, IsMatch: false)];

    public static IReadOnlyList<TextSegment> FromHeadline(string headline, string text)
    {
        List<TextSegment> segments = [];
        StringBuilder unmarked = new(headline.Length);
        ReadOnlySpan<char> rest = headline;
        bool match = false;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf(match ? StopMark : StartMark);
            ReadOnlySpan<char> piece = end < 0 ? rest : rest[..end];
            if (!piece.IsEmpty)
            {
                segments.Add(new TextSegment(piece.ToString(), match));
                unmarked.Append(piece);
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
            match = !match;
        }

        // Marks must not change what was said: should ts_headline ever drop something, the text is shown without marks.
        return unmarked.Length == text.Length ? segments : Plain(text);
    }
}
