namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>Finds what a spotter would confuse with a keyword: the words of a pronouncing dictionary that sound most like it.</summary>
internal sealed class NearWords(PronouncingDictionary dictionary)
{
    // What differs by less is the same word for most speakers.
    private const double SameSound = 0.1;

    // The first words of a phrase may be slurred ("okey"): the last one tells.
    private const double SameSoundWithinPhrase = 0.4;

    /// <summary>The nearest first. Words that begin with the keyword ("listening") are none: a spotter that fires on them is right so far.</summary>
    /// <param name="keyword">A word, or several with spaces.</param>
    /// <param name="count">Most that are wanted.</param>
    /// <exception cref="KeyNotFoundException">A word is not in the dictionary.</exception>
    public IReadOnlyList<NearWord> Find(string keyword, int count)
    {
        var words = keyword.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 1)
        {
            return OfWord(words[0], count, isFirst: true, isLast: true);
        }

        // Of a phrase: one word replaced, every word replaced, words left out, the order turned round.
        var near = words.Select((word, i) => OfWord(word, count, i == 0, i == words.Length - 1)).ToArray();
        var phrases = new Dictionary<string, double>();
        for (var rank = 0; phrases.Count < count && rank < count; rank++)
        {
            for (var i = 0; i < words.Length && rank < near[i].Count; i++)
            {
                var replaced = words.ToArray();
                replaced[i] = near[i][rank].Text;
                phrases.TryAdd(string.Join(' ', replaced), near[i][rank].Distance);
            }

            var all = near.Select(list => list[Math.Min(rank, list.Count - 1)]).ToList();
            phrases.TryAdd(string.Join(' ', all.Select(word => word.Text)), all.Sum(word => word.Distance));
        }

        for (var i = 0; i < words.Length; i++)
        {
            phrases.TryAdd(words[i], 1);
            phrases.TryAdd(string.Join(' ', words[i], words[i]), 1);
        }

        phrases.TryAdd(string.Join(' ', words.Reverse()), 1);
        phrases.Remove(string.Join(' ', words));
        return [.. phrases.Select(phrase => new NearWord(phrase.Key, phrase.Value)).OrderBy(phrase => phrase.Distance).ThenBy(phrase => phrase.Text, StringComparer.Ordinal)];
    }

    private List<NearWord> OfWord(string word, int count, bool isFirst, bool isLast)
    {
        var sounds = dictionary.Of(word);
        if (sounds.Count == 0)
        {
            throw new KeyNotFoundException(
                $"'{word}' is not in the pronouncing dictionary, so nothing is known of how it sounds. Take another word, or add a line for it and give the file with --dictionary.");
        }

        return [.. dictionary.Entries
            .Where(entry => entry.Key != word && entry.Key.All(character => char.IsAsciiLetter(character) || character == '\''))
            .Where(entry => !entry.Value.Exists(other => sounds.Any(sound => IsTheWordItself(sound, other, isFirst, isLast))))
            .Select(entry => new NearWord(entry.Key, entry.Value.Min(other => sounds.Min(sound => PhoneDistance.Between(sound, other)))))
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Text, StringComparer.Ordinal)
            .Take(count)];
    }

    // At the end of a keyword more may follow; before the second word of a phrase more may come.
    private static bool IsTheWordItself(string[] sound, string[] other, bool isFirst, bool isLast) =>
        PhoneDistance.Between(sound, other) < (isLast ? SameSound : SameSoundWithinPhrase)
        || (isLast && other.AsSpan().StartsWith(sound))
        || (!isFirst && other.AsSpan().EndsWith(sound));
}
