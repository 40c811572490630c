namespace Fleet.Cli.Output;

/// <summary>Text that others wrote, made harmless for a terminal.</summary>
internal static class PlainText
{
    /// <summary>Control characters, which could steer the terminal or break a line, become blanks.</summary>
    public static string Of(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\x1F') || text.AsSpan().ContainsAnyInRange('\x7F', '\x9F')
            ? string.Create(text.Length, text, static (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = char.IsControl(from[i]) ? ' ' : from[i];
                }
            })
            : text;
}
