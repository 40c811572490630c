namespace Fleet.Chaos.Verdict;

/// <summary>The counts of a run, with the first cases of each bad one in words.</summary>
internal sealed class Findings
{
    // Enough to start a diagnosis; the ledger and the logs have the rest.
    private const int MaxCasesTold = 20;

    private readonly Dictionary<Bad, int> _bad = [];
    private readonly Dictionary<Good, int> _good = [];
    private readonly List<string> _cases = [];

    /// <summary>Utterances of the ledger.</summary>
    public int Utterances { get; set; }

    /// <summary>Rows that ended as failed: stored, but no transcript could be had.</summary>
    public int Failed { get; set; }

    /// <summary>The most audio that a kill took from the end of an utterance: handed over to the spool, and not stored.</summary>
    public TimeSpan LongestCut { get; private set; }

    /// <summary>What was compared with nothing, and why; shown as it is.</summary>
    public List<string> Notes { get; } = [];

    public IReadOnlyList<string> Cases => _cases;

    public bool IsClean => _bad.Values.All(count => count == 0);

    public int this[Bad kind] => _bad.GetValueOrDefault(kind);

    public int this[Good kind] => _good.GetValueOrDefault(kind);

    public void Add(Good kind) => _good[kind] = this[kind] + 1;

    public void Add(Bad kind, string what)
    {
        _bad[kind] = this[kind] + 1;
        if (this[kind] <= MaxCasesTold)
        {
            _cases.Add($"{kind}: {what}");
        }
    }

    public void OnCut(TimeSpan length) => LongestCut = length > LongestCut ? length : LongestCut;
}
