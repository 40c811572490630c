using Fleet.Cli.Keywords.Evaluation;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Training;

/// <summary>Finds the table that <c>synthesize</c> and <c>record</c> write beside clips: where in them the word is.</summary>
internal static class Tables
{
    public static IReadOnlyDictionary<string, SpeechBounds?> BoundsNear(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var bounds = new Dictionary<string, SpeechBounds?>();
        foreach (var home in new[] { full, Path.GetDirectoryName(full) }.OfType<string>())
        {
            var table = Path.Combine(home, "positives.tsv");
            if (!File.Exists(table))
            {
                continue;
            }

            foreach (var row in ClipTable.Read(table))
            {
                if (row.Start is { } start && row.End is { } end)
                {
                    bounds[Path.GetFullPath(row.File)] = new SpeechBounds((int)(start.TotalSeconds * Wave16.RateHz), (int)(end.TotalSeconds * Wave16.RateHz));
                }
            }
        }

        return bounds;
    }
}
