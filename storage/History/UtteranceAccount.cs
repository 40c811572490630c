using Reason = Fleet.V1.UtteranceLost.Types.Reason;

namespace Fleet.Storage;

/// <summary>What became of the utterances that a device, or all of them, ever spoke; exact, and not changed by erasing and retention.</summary>
/// <param name="Spoken">Numbers that the installs have used, as they say or as their rows show.</param>
/// <param name="Stored">Those that came with their audio.</param>
/// <param name="LostByReason">
/// Those that are lost, by reason, without reasons that there are none of. <see cref="Reason.Unspecified"/>: stored, but the audio vanished.
/// </param>
/// <param name="Missing">Numbers that the devices say are settled and that have no row: the promise is broken for these.</param>
public sealed record UtteranceAccount(long Spoken, long Stored, IReadOnlyDictionary<Reason, long> LostByReason, long Missing)
{
    /// <summary>Nothing was spoken.</summary>
    public static UtteranceAccount Empty { get; } = new(0, 0, new Dictionary<Reason, long>(), 0);

    /// <summary>All that are lost.</summary>
    public long Lost => LostByReason.Values.Sum();

    /// <summary>The rest: on their way, or in the spools.</summary>
    public long Waiting => Math.Max(0, Spoken - Stored - Lost - Missing);
}
