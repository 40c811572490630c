using System.Globalization;

namespace Fleet.Audio.Keywords;

/// <summary>PocketSphinx's keyphrase mode as a second opinion: its model was trained on people and knows a word that sounds alike for another one.</summary>
public sealed class PocketSphinxKeyphrase : IKeywordSecondStage
{
    /// <summary>Chosen by measurement: with it and an embedding head nearly all false accepts go away (docs/keywords.md).</summary>
    public const double DefaultThreshold = 1e-10;

    private readonly string _modelFolder;
    private readonly string _threshold;
    private readonly Dictionary<string, KeyphraseDecoder> _decoders = new(StringComparer.Ordinal);

    private PocketSphinxKeyphrase(string modelFolder, double threshold) =>
        (_modelFolder, _threshold) = (modelFolder, threshold.ToString("0e-0", CultureInfo.InvariantCulture));

    /// <summary>Loads a decoder for each phrase whose words the dictionary has; it has no opinion on the others.</summary>
    /// <exception cref="RecogniserUnavailableException">Library or model is missing.</exception>
    public static PocketSphinxKeyphrase Load(IEnumerable<string> phrases, string? modelFolder = null, double threshold = DefaultThreshold)
    {
        ArgumentNullException.ThrowIfNull(phrases);
        modelFolder ??= PocketSphinxDecoder.DefaultModelFolder;
        foreach (var part in (string[])["en-us/mdef", "cmudict-en-us.dict"])
        {
            if (Path.Combine(modelFolder, part) is var file && !File.Exists(file))
            {
                throw new RecogniserUnavailableException(
                    $"The speech model is incomplete: '{file}' is missing. Install it with: apt-get install -y libpocketsphinx3 pocketsphinx-en-us");
            }
        }

        var stage = new PocketSphinxKeyphrase(modelFolder, threshold);
        try
        {
            stage.LoadPhrases([.. phrases.Select(Normal).Where(static phrase => phrase.Length > 0).Distinct(StringComparer.Ordinal)]);
            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Knows(string phrase)
    {
        ArgumentNullException.ThrowIfNull(phrase);
        return _decoders.ContainsKey(Normal(phrase));
    }

    /// <inheritdoc/>
    public bool Hears(string phrase, ReadOnlySpan<short> samples)
    {
        ArgumentNullException.ThrowIfNull(phrase);
        return _decoders[Normal(phrase)].Hears(samples);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var decoder in _decoders.Values)
        {
            decoder.Dispose();
        }

        _decoders.Clear();
    }

    private void LoadPhrases(IReadOnlyList<string> phrases)
    {
        var words = phrases.SelectMany(static phrase => phrase.Split(' ')).ToHashSet(StringComparer.Ordinal);
        var lines = File.ReadLines(Path.Combine(_modelFolder, "cmudict-en-us.dict")).Where(line => words.Contains(Word(line))).ToList();
        var known = lines.Select(Word).ToHashSet(StringComparer.Ordinal);
        foreach (var phrase in phrases.Where(phrase => phrase.Split(' ').All(known.Contains)))
        {
            _decoders.Add(phrase, new KeyphraseDecoder(phrase, _threshold, _modelFolder, lines));
        }
    }

    /// <summary>Of a line such as "listen(2) L IH S AH N": further ways to say a word have a number.</summary>
    private static string Word(string line) => line.Split(' ', 2)[0].Split('(')[0];

    private static string Normal(string phrase) =>
        string.Join(' ', phrase.ToLowerInvariant().Split((char[])[' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries));
}
