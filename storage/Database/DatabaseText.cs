using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Fleet.Storage;

/// <summary>Makes any string one that PostgreSQL's text can hold: no U+0000, no lone surrogate.</summary>
internal static class DatabaseText
{
    private const char Replacement = '\uFFFD';

    // What may need repair; everything else is passed through without a look at each character.
    private static readonly SearchValues<char> _suspects =
        SearchValues.Create(['\0', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    public static bool IsStorable(string text) => ReferenceEquals(Sanitize(text, int.MaxValue), text);

    /// <summary>Replaces what cannot be stored by U+FFFD and cuts at a length in UTF-16 units, never within a character.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Sanitize(string? text, int maxLength)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length > maxLength)
        {
            text = char.IsHighSurrogate(text[maxLength - 1]) ? text[..(maxLength - 1)] : text[..maxLength];
        }

        int first = text.AsSpan().IndexOfAny(_suspects);
        return first < 0 || IsWellFormed(text.AsSpan(first)) ? text : Repair(text);
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static string Repair(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        from.CopyTo(to);
        for (int i = 0; i < to.Length; i++)
        {
            if (char.IsHighSurrogate(to[i]) && i + 1 < to.Length && char.IsLowSurrogate(to[i + 1]))
            {
                i++;
            }
            else if (to[i] == '\0' || char.IsSurrogate(to[i]))
            {
                to[i] = Replacement;
            }
        }
    });
}
