using Fleet.Cli.History;
using Fleet.V1;

namespace Fleet.Cli.Watch;

/// <summary>A change as `watch --json` writes it.</summary>
/// <param name="ResumeToken">Of this change: what comes after it follows from there.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="UtteranceId">The utterance.</param>
/// <param name="Erased">It was erased: forget it.</param>
/// <param name="Utterance">How it is now, as in `history --json`; null when it was erased.</param>
internal sealed record WatchLine(string ResumeToken, string DeviceId, string UtteranceId, bool Erased, TranscriptLine? Utterance)
{
    public static WatchLine From(TranscriptChange change) => change.Transcript is { } row
        ? new WatchLine(change.ResumeToken, row.DeviceId, row.UtteranceId, false, TranscriptLine.From(row))
        : new WatchLine(change.ResumeToken, change.Erased?.DeviceId ?? "", change.Erased?.UtteranceId ?? "", true, null);
}
