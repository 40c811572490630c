using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Retranscription;

/// <summary>Section Fleet:Retranscription: history that is run through another deployment, behind all live speech.</summary>
internal sealed class RetranscriptionOptions
{
    public const string Section = "Fleet:Retranscription";

    /// <summary>Most utterances of a run; a filter that finds more is refused. 1 to 1,000,000; default 100,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxUtterances { get; init; } = 100_000;

    /// <summary>Utterances of a run whose audio is in memory at a time. 1 to 64; default 4.</summary>
    [Range(1, 64)]
    public int MaxInFlight { get; init; } = 4;

    /// <summary>
    /// Milliseconds between two looks for runs that nobody works on (those of a silo that died), and whether the one in work was cancelled. 100 to 60,000;
    /// default 2,000.
    /// </summary>
    [Range(100, 60_000)]
    public int PollIntervalMs { get; init; } = 2_000;

    public TimeSpan PollInterval => TimeSpan.FromMilliseconds(PollIntervalMs);
}
