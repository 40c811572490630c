using System.Globalization;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Mends the times of utterances that were recorded while the time was not certain, before they are first sent: afterwards the cloud would take
/// the new id for another utterance.
/// </summary>
internal sealed partial class ClockCorrection(Install install, UtteranceSpool spool, ILogger logger)
{
    // The clock of a device that keeps time by NTP is nearer than this; rewriting its utterances would wear the disk for nothing.
    private static readonly TimeSpan _tolerance = TimeSpan.FromMilliseconds(500);

    // Ids may be ahead of their time by the counter that keeps them in order.
    private static readonly TimeSpan _idTolerance = TimeSpan.FromMinutes(1);

    // More than any id can be ahead that was sent in the run that made it.
    private static readonly TimeSpan _neverSentAhead = TimeSpan.FromMinutes(2);

    // Each grows by itself: ids of what was spoken before must not sort after what is being said now.
    private readonly UtteranceIds _correctedIds = new();
    private readonly UtteranceIds _foreignIds = new();

    /// <summary>Whether an utterance of this run has a time that is not certain.</summary>
    public bool HasUnsettled => install.UnsettledStamps.Count > 0;

    public ClockVerdict Judge(WaitingUtterance waiting)
    {
        var entry = waiting.Entry;
        if (waiting.IsOfAnEarlierRun)
        {
            return JudgeOfAnEarlierRun(waiting);
        }

        if (!install.UnsettledStamps.TryGet(entry.SequenceNumber, out var timestamp))
        {
            return ClockVerdict.Ready;
        }

        var reading = install.Clock.At(timestamp);
        if (!reading.IsSettled)
        {
            // A cluster that welcomes and does not say a time that can be one: it takes what there is.
            return reading.Clock == Clock.Server ? ClockVerdict.Wait : ClockVerdict.Ready;
        }

        var tolerance = _tolerance + install.Clock.Uncertainty;
        var startedAt = DateTimeOffset.FromUnixTimeMilliseconds(entry.Start.StartedAtUnixMs);
        if ((startedAt - reading.Time).Duration() <= tolerance && (TimeOfId(entry) - reading.Time).Duration() <= tolerance + _idTolerance
            && entry.Start.Clock != Clock.Unknown)
        {
            install.UnsettledStamps.Remove(entry.SequenceNumber);
            return ClockVerdict.Ready;
        }

        return entry.Trailer is null ? ClockVerdict.Wait : ClockVerdict.Correct;
    }

    /// <summary>A loss is told with the time that is known by now. Its id stays: it is what the report is answered by, also after a restart.</summary>
    public UtteranceLost Correct(UtteranceLost loss)
    {
        if (install.UnsettledStamps.TryGet(loss.SequenceNumber, out var timestamp) && install.Clock.At(timestamp) is { IsSettled: true } reading
            && (DateTimeOffset.FromUnixTimeMilliseconds(loss.StartedAtUnixMs) - reading.Time).Duration() > _tolerance + install.Clock.Uncertainty)
        {
            loss.StartedAtUnixMs = reading.Time.ToUnixTimeMilliseconds();
            loss.Clock = Clock.Corrected;
        }

        return loss;
    }

    /// <summary>The entry that takes the place of this one; the same one when the disk does not take another: then it is sent as it is.</summary>
    public SpoolEntry Correct(SpoolEntry entry, bool isForeign)
    {
        var (time, clock, ids) = isForeign || !install.UnsettledStamps.TryGet(entry.SequenceNumber, out var timestamp)
            ? (install.Clock.Floor, Clock.Unknown, _foreignIds)
            : (install.Clock.At(timestamp).Time, Clock.Corrected, _correctedIds);
        var id = ids.Next(time).ToString("D", CultureInfo.InvariantCulture);
        var corrected = spool.Correct(entry, id, time.ToUnixTimeMilliseconds(), clock);
        install.UnsettledStamps.Remove(entry.SequenceNumber);
        if (corrected == entry)
        {
            LogNotCorrected(entry.Id, entry.SequenceNumber);
        }
        else
        {
            LogCorrected(entry.Id, entry.SequenceNumber, time, corrected.Id);
        }

        return corrected;
    }

    // Its run never heard the cluster, or the entry would have been corrected then. So the wall clock of that run was wrong, and the cloud refuses an
    // id of a day ahead for good. It gets another one; not before the cloud has said that it has nothing of it, and it is never sent as it is: or a
    // cloud that cannot find out, and says that it has nothing, would get it twice.
    private ClockVerdict JudgeOfAnEarlierRun(WaitingUtterance waiting)
    {
        var entry = waiting.Entry;
        var now = install.Clock.Now();
        if (entry.Start.Clock is Clock.Server or Clock.Corrected || waiting.ResumeFromBytes > 0 || now.Clock != Clock.Server)
        {
            return ClockVerdict.Ready;
        }

        if (TimeOfId(entry) - now.Time <= _neverSentAhead)
        {
            return ClockVerdict.Ready;
        }

        return waiting.IsForeign ? ClockVerdict.Correct : ClockVerdict.Wait;
    }

    private static DateTimeOffset TimeOfId(SpoolEntry entry) =>
        Guid.TryParseExact(entry.Id, "D", out var id) ? UtteranceIds.TimeOf(id) : DateTimeOffset.UnixEpoch;

    [LoggerMessage(
        230, LogLevel.Information,
        "Utterance {UtteranceId} (number {Number}) was recorded while the time was not known; it began at {StartedAt:u} and is {NewId} now")]
    private partial void LogCorrected(string utteranceId, ulong number, DateTimeOffset startedAt, string newId);

    [LoggerMessage(
        231, LogLevel.Warning,
        "The time of utterance {UtteranceId} (number {Number}) cannot be corrected on disk; it is sent as it is. Free some space or mend the disk")]
    private partial void LogNotCorrected(string utteranceId, ulong number);
}
