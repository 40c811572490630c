namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>What <c>keyword synthesize</c> is to make.</summary>
internal sealed record SynthesisOptions
{
    /// <summary>A word, or several with spaces.</summary>
    public required string Word { get; init; }

    public required string Out { get; init; }

    /// <summary>Clips of the keyword.</summary>
    public int Positives { get; init; } = 900;

    /// <summary>Clips of other words and of talk: half of them sound like the keyword.</summary>
    public int Negatives { get; init; } = 1800;

    /// <summary>Different words that sound like the keyword.</summary>
    public int NearWords { get; init; } = 150;

    public string Dictionary { get; init; } = PronouncingDictionary.DefaultPath;

    /// <summary>Only these voices; all when empty.</summary>
    public IReadOnlyList<string> Voices { get; init; } = [];

    /// <summary>None of these voices.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Share of the clips that formant voices say, in percent.</summary>
    public int FormantPercent { get; init; } = 15;

    public int Seed { get; init; } = 1;

    /// <summary>Synthesisers that run at the same time.</summary>
    public int Parallel { get; init; } = 2;
}
