using System.Collections.Immutable;
using System.Text;
using Fleet.Audio;

namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>What the model's outputs stand for.</summary>
internal sealed class CtcVocabulary
{
    private readonly ImmutableArray<string?> _letters;

    /// <param name="tokens">Tokens with their places, as in vocab.json.</param>
    /// <param name="blank">The token that stands for no letter.</param>
    /// <param name="delimiter">The token between two words.</param>
    public CtcVocabulary(IReadOnlyDictionary<string, int> tokens, string blank, string delimiter)
    {
        var count = tokens.Count == 0 ? 0 : tokens.Values.Max() + 1;
        if (!tokens.TryGetValue(blank, out var blankToken) || tokens.Values.Any(static token => token < 0) || count != tokens.Values.Distinct().Count())
        {
            throw new InvalidDataException($"it needs the numbers from 0 on, each once, and among its tokens the blank {blank}");
        }

        (Count, Blank, Delimiter) = (count, blankToken, tokens.TryGetValue(delimiter, out var place) ? place : -1);
        var letters = new string?[count];
        foreach (var (token, number) in tokens)
        {
            letters[number] = number == Blank || number == Delimiter || IsSpecial(token) ? null : token;
        }

        _letters = [.. letters];
    }

    /// <summary>How many outputs the model has for a frame.</summary>
    public int Count { get; }

    public int Blank { get; }

    /// <summary>-1 in a vocabulary without one.</summary>
    public int Delimiter { get; }

    /// <summary>False for tokens that never become text, such as the mark of a sentence's start; the blank is one of them.</summary>
    public bool IsText(int token) => token == Delimiter || _letters[token] is not null;

    /// <summary>The words of a path, with the places of their letters.</summary>
    public IReadOnlyList<RecognisedWord> Words(IEnumerable<CtcSymbol> symbols, double frameMilliseconds, bool lowerCase)
    {
        var words = new List<RecognisedWord>();
        var word = new StringBuilder();
        var (start, end, logProbability, letters) = (0, 0, 0.0, 0);
        foreach (var symbol in symbols)
        {
            if (symbol.Token == Delimiter)
            {
                Finish();
            }
            else if (_letters[symbol.Token] is { } letter)
            {
                start = word.Length == 0 ? symbol.StartFrame : start;
                (end, logProbability, letters) = (symbol.EndFrame, logProbability + symbol.LogProbability, letters + 1);
                word.Append(letter);
            }
        }

        Finish();
        return words;

        void Finish()
        {
            if (word.Length > 0)
            {
                var text = lowerCase ? word.ToString().ToLowerInvariant() : word.ToString();
                words.Add(new RecognisedWord(
                    text, (int)(start * frameMilliseconds), (int)((end + 1) * frameMilliseconds), (float)Math.Exp(logProbability / letters)));
                word.Clear();
                (logProbability, letters) = (0, 0);
            }
        }
    }

    private static bool IsSpecial(string token) => token is ['<', _, .., '>'] or ['[', _, .., ']'];
}
