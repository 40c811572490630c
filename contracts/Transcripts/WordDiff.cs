namespace Fleet.Contracts.Transcripts;

/// <summary>
/// The fewest words that must be replaced, removed or added to make one transcript of another (Levenshtein over words). Case and punctuation around a word do
/// not count: engines differ in both.
/// </summary>
public sealed record WordDiff
{
    // The table of a comparison: 4 million cells of a byte. Two half-hour transcripts that share neither beginning nor end are beyond it.
    private const int MaxCells = 4_000_000;

    private const byte Diagonal = 0;
    private const byte FromOld = 1;
    private const byte FromNew = 2;

    private static readonly char[] _blanks = [' ', '\t', '\n', '\r', '\v', '\f', '\u00A0'];

    /// <summary>The way from the old text to the new one, in the order of the words.</summary>
    public required IReadOnlyList<WordEdit> Edits { get; init; }

    /// <summary>Words of the old text.</summary>
    public required int OldWords { get; init; }

    /// <summary>Words that differ: replaced, removed or added.</summary>
    public required int Changes { get; init; }

    /// <summary>Compares two texts.</summary>
    public static WordDiff Of(string oldText, string newText)
    {
        ArgumentNullException.ThrowIfNull(oldText);
        ArgumentNullException.ThrowIfNull(newText);
        var oldWords = Words(oldText);
        var newWords = Words(newText);
        var oldKeys = Array.ConvertAll(oldWords, Key);
        var newKeys = Array.ConvertAll(newWords, Key);

        // What is equal at both ends is most of it, mostly.
        var first = 0;
        while (first < Math.Min(oldKeys.Length, newKeys.Length) && oldKeys[first] == newKeys[first])
        {
            first++;
        }

        var last = 0;
        while (last < Math.Min(oldKeys.Length, newKeys.Length) - first && oldKeys[^(last + 1)] == newKeys[^(last + 1)])
        {
            last++;
        }

        List<WordEdit> edits = new(Math.Max(oldWords.Length, newWords.Length));
        AddSame(edits, oldWords, newWords, 0, 0, first);
        AddMiddle(edits, oldWords, newWords, oldKeys, newKeys, first, last);
        AddSame(edits, oldWords, newWords, oldWords.Length - last, newWords.Length - last, last);
        return new WordDiff
        {
            Edits = edits,
            OldWords = oldWords.Length,
            Changes = edits.Count(edit => edit.Kind != WordEditKind.Same),
        };
    }

    private static string[] Words(string text) => text.Split(_blanks, StringSplitOptions.RemoveEmptyEntries);

    private static string Key(string word)
    {
        var bare = word.AsSpan();
        while (bare.Length > 0 && !char.IsLetterOrDigit(bare[0]) && !char.IsSurrogate(bare[0]))
        {
            bare = bare[1..];
        }

        while (bare.Length > 0 && !char.IsLetterOrDigit(bare[^1]) && !char.IsSurrogate(bare[^1]))
        {
            bare = bare[..^1];
        }

        // A word of punctuation only is what it is.
        return bare.Length == 0 ? word : bare.ToString().ToLowerInvariant();
    }

    private static void AddSame(List<WordEdit> edits, string[] oldWords, string[] newWords, int oldFirst, int newFirst, int count)
    {
        for (var i = 0; i < count; i++)
        {
            edits.Add(new WordEdit(WordEditKind.Same, oldWords[oldFirst + i], newWords[newFirst + i]));
        }
    }

    private static void AddMiddle(List<WordEdit> edits, string[] oldWords, string[] newWords, string[] oldKeys, string[] newKeys, int first, int last)
    {
        var rows = oldWords.Length - first - last;
        var columns = newWords.Length - first - last;
        if ((rows + 1L) * (columns + 1L) > MaxCells)
        {
            // Not the shortest way, but one.
            edits.AddRange(oldWords.Skip(first).Take(rows).Select(word => new WordEdit(WordEditKind.Deleted, word, "")));
            edits.AddRange(newWords.Skip(first).Take(columns).Select(word => new WordEdit(WordEditKind.Inserted, "", word)));
            return;
        }

        var steps = Steps(oldKeys.AsSpan(first, rows), newKeys.AsSpan(first, columns));
        var start = edits.Count;
        for (var (row, column) = (rows, columns); row > 0 || column > 0;)
        {
            switch (steps[(row * (columns + 1)) + column])
            {
                case Diagonal:
                    row--;
                    column--;
                    var kind = oldKeys[first + row] == newKeys[first + column] ? WordEditKind.Same : WordEditKind.Substituted;
                    edits.Add(new WordEdit(kind, oldWords[first + row], newWords[first + column]));
                    break;
                case FromOld:
                    row--;
                    edits.Add(new WordEdit(WordEditKind.Deleted, oldWords[first + row], ""));
                    break;
                default:
                    column--;
                    edits.Add(new WordEdit(WordEditKind.Inserted, "", newWords[first + column]));
                    break;
            }
        }

        edits.Reverse(start, edits.Count - start);
    }

    // For each pair of beginnings the last step of a shortest way; only two rows of distances are kept.
    private static byte[] Steps(ReadOnlySpan<string> oldKeys, ReadOnlySpan<string> newKeys)
    {
        var width = newKeys.Length + 1;
        var steps = new byte[(oldKeys.Length + 1) * width];
        var above = new int[width];
        var current = new int[width];
        for (var column = 1; column < width; column++)
        {
            above[column] = column;
            steps[column] = FromNew;
        }

        for (var row = 1; row <= oldKeys.Length; row++)
        {
            current[0] = row;
            steps[row * width] = FromOld;
            for (var column = 1; column < width; column++)
            {
                var diagonal = above[column - 1] + (oldKeys[row - 1] == newKeys[column - 1] ? 0 : 1);
                var fromOld = above[column] + 1;
                var fromNew = current[column - 1] + 1;
                (current[column], steps[(row * width) + column]) = diagonal <= fromOld && diagonal <= fromNew
                    ? (diagonal, Diagonal)
                    : fromOld <= fromNew ? (fromOld, FromOld) : (fromNew, FromNew);
            }

            (above, current) = (current, above);
        }

        return steps;
    }
}
