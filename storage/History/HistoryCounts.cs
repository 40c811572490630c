using Fleet.V1;

namespace Fleet.Storage;

/// <summary>What the overview shows.</summary>
/// <param name="ByStatus">Utterances in the database by status; every status is there, with 0 if need be.</param>
/// <param name="Devices">Devices ever seen.</param>
/// <param name="LastHour">60 minutes by the database's clock, oldest first, the last one still running.</param>
/// <param name="Latest">The ten newest utterances with a text, newest first.</param>
/// <param name="AsOf">The database's clock.</param>
/// <param name="WaitingSince">When the utterance came that has waited longest for its transcript; null when none waits.</param>
public sealed record HistoryCounts(
    IReadOnlyDictionary<UtteranceStatus, long> ByStatus,
    int Devices,
    IReadOnlyList<MinuteCount> LastHour,
    IReadOnlyList<UtteranceRecord> Latest,
    DateTimeOffset AsOf,
    DateTimeOffset? WaitingSince)
{
    /// <summary>Utterances in the database.</summary>
    public long Total => ByStatus.Values.Sum();
}
