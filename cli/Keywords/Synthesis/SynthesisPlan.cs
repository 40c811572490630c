using System.Globalization;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>Decides who says what: the same options and voices give the same plan.</summary>
internal sealed class SynthesisPlan
{
    // Of what is not said by rule, so much with a foreign accent: PocketSphinx, which people trained, hardly takes it for the keyword.
    private const double AccentedShare = 0.1;

    // One sentence that begins with the keyword for so many clips of the keyword alone.
    private const int KeywordsPerFlow = 4;

    private readonly SynthesisOptions _options;
    private readonly PronouncingDictionary _dictionary;
    private readonly Random _random;
    private readonly Voice[][] _voices;
    private readonly int[] _counts = new int[Enum.GetValues<TextKind>().Length];

    private SynthesisPlan(SynthesisOptions options, PronouncingDictionary dictionary, IReadOnlyList<Voice> voices)
    {
        (_options, _dictionary) = (options, dictionary);
        _random = new Random(options.Seed);
        _voices = [.. Enum.GetValues<VoiceKind>().Select(kind => voices.Where(voice => voice.Kind == kind).ToArray())];
    }

    public static IReadOnlyList<SpokenText> Create(
        SynthesisOptions options, PronouncingDictionary dictionary, IReadOnlyList<NearWord> near, IReadOnlyList<Voice> voices) =>
        [.. new SynthesisPlan(options, dictionary, voices).All(near)];

    private IEnumerable<SpokenText> All(IReadOnlyList<NearWord> near)
    {
        var word = _options.Word.ToLowerInvariant();
        for (var i = 0; i < _options.Positives; i++)
        {
            yield return Say(word, TextKind.Keyword);
        }

        var sentences = Sentences.All.Where(sentence => !Has(sentence, word)).ToList();
        if (_voices[(int)VoiceKind.Natural].Length > 0)
        {
            for (var i = 0; i < _options.Positives / KeywordsPerFlow; i++)
            {
                yield return Say($"{word} {Pick(sentences)}", TextKind.Flow);
            }
        }

        var others = _dictionary.Entries.Select(entry => entry.Key)
            .Where(other => other.Length > 2 && other.All(char.IsAsciiLetter) && !other.StartsWith(word.Split(' ')[^1], StringComparison.Ordinal))
            .Except(near.Select(one => one.Text))
            .ToList();
        for (var i = 0; i < _options.Negatives; i++)
        {
            if (i % 2 == 0 && near.Count > 0)
            {
                // The nearer a word, the more often it is said.
                yield return Say(near[(int)(near.Count * Math.Pow(_random.NextDouble(), 2))].Text, TextKind.Near);
            }
            else if (i % 4 == 1)
            {
                yield return Say(Pick(others), TextKind.Word);
            }
            else
            {
                yield return Say(Pick(sentences), TextKind.Sentence);
            }
        }
    }

    private SpokenText Say(string text, TextKind kind)
    {
        var voice = PickVoice(text, kind, out var spelled);
        var number = ++_counts[(int)kind];
        var folder = kind is TextKind.Keyword or TextKind.Flow ? "positives" : "negatives";
        var file = string.Create(CultureInfo.InvariantCulture, $"{folder}/{kind.ToString().ToLowerInvariant()}-{number:00000}");

        // A mark makes another melody.
        var mark = kind is TextKind.Sentence or TextKind.Flow ? "." : Pick(["", ".", "!", "?", ","]);
        return new SpokenText(spelled + mark, kind, voice, 0.8 + (0.5 * _random.NextDouble()), (2 * _random.NextDouble()) - 1, file);
    }

    private Voice PickVoice(string text, TextKind kind, out string spelled)
    {
        spelled = text;
        var (natural, accented, formant) = (_voices[(int)VoiceKind.Natural], _voices[(int)VoiceKind.Accented], _voices[(int)VoiceKind.Formant]);
        if (kind == TextKind.Flow && natural.Length > 0)
        {
            return Pick(natural);
        }

        var byRule = formant.Length > 0 && (natural.Length + accented.Length == 0 || _random.Next(100) < _options.FormantPercent);
        if (byRule)
        {
            return Pick(formant);
        }

        if (accented.Length > 0 && kind != TextKind.Sentence && (natural.Length == 0 || _random.NextDouble() < AccentedShare) && Foreign(text) is { } foreign)
        {
            spelled = foreign;
            return Pick(accented);
        }

        // Only where a foreign voice cannot say it and there is no English one.
        return natural.Length > 0 ? Pick(natural) : formant.Length > 0 ? Pick(formant) : Pick(accented);
    }

    private string? Foreign(string text)
    {
        var words = text.Split(' ').Select(word => _dictionary.Of(word) is [var first, ..] ? ForeignSpelling.Of(first) : null).ToList();
        return words.Contains(null) ? null : string.Join(' ', words);
    }

    private static bool Has(string sentence, string word) => $" {sentence} ".Contains($" {word} ", StringComparison.Ordinal);

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}
