using System.Globalization;

namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>
/// Reads tables of clips: tab-separated, the first line names the columns. `file` is needed; `kind`, `start_s`, `end_s`, `context`, `condition` are
/// used where they are there, others are not looked at.
/// </summary>
internal static class ClipTable
{
    /// <exception cref="InvalidDataException">It is no such table; the message names the line.</exception>
    public static IReadOnlyList<ClipRow> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no table '{path}'.");
        }

        return Parse(File.ReadLines(path), path);
    }

    public static IReadOnlyList<ClipRow> Parse(IEnumerable<string> lines, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        string[]? columns = null;
        var rows = new List<ClipRow>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            var cells = line.Split('\t');
            if (columns is null)
            {
                columns = [.. cells.Select(cell => cell.Trim().TrimStart('\uFEFF'))];
                if (!columns.Contains("file"))
                {
                    throw new InvalidDataException($"{path}: the first line must name the columns, tab-separated, and one must be 'file'; it is: {Shortened(line)}");
                }

                continue;
            }

            string Cell(string name) => Array.IndexOf(columns, name) is >= 0 and var at && at < cells.Length ? cells[at].Trim() : "";
            if (Cell("file").Length == 0)
            {
                throw new InvalidDataException($"{path}, line {number}: no file is named.");
            }

            var (start, end) = (Seconds(Cell("start_s"), path, number), Seconds(Cell("end_s"), path, number));
            if (start > end)
            {
                throw new InvalidDataException($"{path}, line {number}: the keyword ends before it begins.");
            }

            var context = string.Join(", ", new[] { Cell("context"), Cell("condition") }.Where(cell => cell.Length > 0));
            rows.Add(new ClipRow(Path.GetFullPath(Cell("file"), folder), Cell("kind"), start, end, context));
        }

        return columns is null ? throw new InvalidDataException($"{path} is empty: the first line must name the columns.") : rows;
    }

    private static TimeSpan? Seconds(string cell, string path, int line)
    {
        if (cell.Length == 0)
        {
            return null;
        }

        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidDataException($"{path}, line {line}: '{Shortened(cell)}' is no number of seconds.");
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
