using System.Buffers;
using System.Text;

namespace Fleet.Dashboard.History;

/// <summary>Lines of CSV (RFC 4180) that a spreadsheet shows and does not run.</summary>
internal static class CsvWriter
{
    private static readonly SearchValues<char> _quoted = SearchValues.Create(",\"\r\n");

    public static void AppendLine(StringBuilder output, ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                output.Append(',');
            }

            AppendCell(output, cells[i] ?? "");
        }

        output.Append("\r\n");
    }

    private static void AppendCell(StringBuilder output, string cell)
    {
        // A cell that begins like a formula is one, to a spreadsheet; an apostrophe before it makes it text.
        var guarded = cell is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + cell : cell;
        if (guarded.AsSpan().ContainsAny(_quoted))
        {
            output.Append('"').Append(guarded.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            output.Append(guarded);
        }
    }
}
