namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>Ordinary talk: what a microphone hears most of the time, and what follows a keyword.</summary>
internal static class Sentences
{
    public static IReadOnlyList<string> All { get; } = Read();

    private static string[] Read()
    {
        using var stream = typeof(Sentences).Assembly.GetManifestResourceStream("Fleet.Cli.Keywords.Synthesis.sentences.txt")
            ?? throw new InvalidOperationException("sentences.txt is not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
