namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>How English words are pronounced: the CMU dictionary as pocketsphinx-en-us brings it, "word P H O N E S" a line, variants as "word(2)".</summary>
internal sealed class PronouncingDictionary
{
    public const string DefaultPath = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";

    private readonly Dictionary<string, List<string[]>> _entries;

    private PronouncingDictionary(Dictionary<string, List<string[]>> entries) => _entries = entries;

    public IEnumerable<KeyValuePair<string, List<string[]>>> Entries => _entries;

    /// <exception cref="IOException">The file is not there.</exception>
    public static PronouncingDictionary Load(string path) => File.Exists(path)
        ? Parse(File.ReadLines(path))
        : throw new IOException($"The pronouncing dictionary {path} is missing: apt-get install pocketsphinx-en-us, or give another with --dictionary.");

    public static PronouncingDictionary Parse(IEnumerable<string> lines)
    {
        var entries = new Dictionary<string, List<string[]>>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var parts = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2)
            {
                continue;
            }

            var word = parts[0].Split('(')[0];
            if (!entries.TryGetValue(word, out var variants))
            {
                entries.Add(word, variants = []);
            }

            variants.Add(parts[1..]);
        }

        return new PronouncingDictionary(entries);
    }

    /// <summary>The pronunciations of one word; none when it is not in the dictionary.</summary>
    public IReadOnlyList<string[]> Of(string word) => _entries.TryGetValue(word.ToLowerInvariant(), out var variants) ? variants : [];
}
