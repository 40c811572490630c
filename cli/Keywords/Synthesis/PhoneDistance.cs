namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>How different two pronunciations sound: an edit distance in which phones that are alike cost little. 0 = the same, about 1 a phone.</summary>
internal static class PhoneDistance
{
    private const double InsertOrDelete = 0.8;

    // A schwa and an h come and go in fast speech.
    private const double InsertOrDeleteWeak = 0.5;
    private const double DifferentKinds = 1;

    // Height (0 closed) and backness (0 front) of the vowels; of diphthongs the middle.
    private static readonly Dictionary<string, (double Height, double Back)> _vowels = new()
    {
        ["IY"] = (0, 0), ["IH"] = (0.2, 0.15), ["EY"] = (0.35, 0.05), ["EH"] = (0.5, 0.1), ["AE"] = (0.8, 0.15), ["AA"] = (1, 0.8), ["AO"] = (0.8, 0.95),
        ["AH"] = (0.6, 0.55), ["ER"] = (0.5, 0.6), ["OW"] = (0.45, 0.95), ["UH"] = (0.25, 0.85), ["UW"] = (0, 1), ["AY"] = (0.8, 0.4), ["AW"] = (0.8, 0.6),
        ["OY"] = (0.6, 0.8),
    };

    // Manner, place (0 lips … 5 throat), voice.
    private static readonly Dictionary<string, (char Manner, int Place, bool Voiced)> _consonants = new()
    {
        ["P"] = ('s', 0, false), ["B"] = ('s', 0, true), ["T"] = ('s', 2, false), ["D"] = ('s', 2, true), ["K"] = ('s', 4, false), ["G"] = ('s', 4, true),
        ["CH"] = ('a', 3, false), ["JH"] = ('a', 3, true), ["F"] = ('f', 0, false), ["V"] = ('f', 0, true), ["TH"] = ('f', 1, false), ["DH"] = ('f', 1, true),
        ["S"] = ('f', 2, false), ["Z"] = ('f', 2, true), ["SH"] = ('f', 3, false), ["ZH"] = ('f', 3, true), ["HH"] = ('f', 5, false),
        ["M"] = ('n', 0, true), ["N"] = ('n', 2, true), ["NG"] = ('n', 4, true), ["L"] = ('l', 2, true), ["R"] = ('l', 3, true), ["W"] = ('l', 0, true),
        ["Y"] = ('l', 4, true),
    };

    public static double Between(ReadOnlySpan<string> first, ReadOnlySpan<string> second)
    {
        var previous = new double[second.Length + 1];
        var current = new double[second.Length + 1];
        for (var j = 1; j <= second.Length; j++)
        {
            previous[j] = previous[j - 1] + Gap(second[j - 1]);
        }

        foreach (var phone in first)
        {
            current[0] = previous[0] + Gap(phone);
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = previous[j - 1] + Between(phone, second[j - 1]);
                current[j] = Math.Min(replaced, Math.Min(previous[j] + Gap(phone), current[j - 1] + Gap(second[j - 1])));
            }

            (previous, current) = (current, previous);
        }

        return previous[second.Length];
    }

    public static double Between(string first, string second)
    {
        if (first == second)
        {
            return 0;
        }

        if (_vowels.TryGetValue(first, out var one) && _vowels.TryGetValue(second, out var other))
        {
            return 0.15 + (0.6 * Math.Sqrt(Math.Pow(one.Height - other.Height, 2) + Math.Pow(one.Back - other.Back, 2)));
        }

        if (_consonants.TryGetValue(first, out var a) && _consonants.TryGetValue(second, out var b))
        {
            return (a.Manner == b.Manner ? 0 : 0.4) + (0.12 * Math.Min(3, Math.Abs(a.Place - b.Place))) + (a.Voiced == b.Voiced ? 0 : 0.2);
        }

        return DifferentKinds;
    }

    private static double Gap(string phone) => phone is "AH" or "HH" ? InsertOrDeleteWeak : InsertOrDelete;
}
