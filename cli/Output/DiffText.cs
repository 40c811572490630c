using Fleet.V1;
using Spectre.Console;

namespace Fleet.Cli.Output;

/// <summary>A new text with what differs from the old one: red and crossed out what went, green what came; without colours [-so-] and {+so+}.</summary>
internal static class DiffText
{
    public static Paragraph Of(IEnumerable<WordChange> changes, bool colours)
    {
        Paragraph paragraph = new();
        var isFirst = true;
        foreach (var change in changes)
        {
            if (change.Kind is WordChange.Types.Kind.Deleted or WordChange.Types.Kind.Substituted)
            {
                Add(paragraph, ref isFirst, colours ? change.Old : $"[-{change.Old}-]", new Style(Color.Red, decoration: Decoration.Strikethrough));
            }

            if (change.Kind is WordChange.Types.Kind.Inserted or WordChange.Types.Kind.Substituted)
            {
                Add(paragraph, ref isFirst, colours ? change.New : $"{{+{change.New}+}}", new Style(Color.Green));
            }

            if (change.Kind == WordChange.Types.Kind.Same)
            {
                Add(paragraph, ref isFirst, change.New, Style.Plain);
            }
        }

        return paragraph;
    }

    private static void Add(Paragraph paragraph, ref bool isFirst, string word, Style style)
    {
        if (!isFirst)
        {
            paragraph.Append(" ", Style.Plain);
        }

        isFirst = false;
        paragraph.Append(PlainText.Of(word), style);
    }
}
