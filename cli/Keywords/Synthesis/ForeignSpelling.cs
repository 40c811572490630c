using System.Text;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>
/// Spells English sounds so that a voice of another language says them, with its accent. In Italian, Czech, Catalan and Finnish each letter has one
/// sound, and for the letters used here it is nearly the same one.
/// </summary>
internal static class ForeignSpelling
{
    private static readonly Dictionary<string, string> _letters = new()
    {
        ["IY"] = "i", ["IH"] = "i", ["EY"] = "ei", ["EH"] = "e", ["AE"] = "e", ["AA"] = "a", ["AO"] = "o", ["AH"] = "e", ["ER"] = "er", ["OW"] = "ou",
        ["UH"] = "u", ["UW"] = "u", ["AY"] = "ai", ["AW"] = "au", ["OY"] = "oi", ["P"] = "p", ["B"] = "b", ["T"] = "t", ["D"] = "d", ["K"] = "k", ["G"] = "g",
        ["F"] = "f", ["V"] = "v", ["S"] = "s", ["M"] = "m", ["N"] = "n", ["L"] = "l", ["R"] = "r", ["NG"] = "ng",
    };

    /// <summary>Null when a sound has no letter that all of these languages read alike.</summary>
    public static string? Of(ReadOnlySpan<string> phones)
    {
        var text = new StringBuilder();
        for (var i = 0; i < phones.Length; i++)
        {
            if (!_letters.TryGetValue(phones[i], out var letters))
            {
                return null;
            }

            // A single s between vowels is a z in Italian and Catalan.
            text.Append(phones[i] == "S" && i > 0 && i < phones.Length - 1 ? "ss" : letters);
        }

        return text.ToString();
    }
}
