using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Dashboard.Style;

/// <summary>One utterance of each kind, for the style page: none of them was ever said.</summary>
internal static class SampleUtterances
{
    // Any time will do, but the same one at every visit.
    private static readonly DateTimeOffset _time = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static IReadOnlyList<UtteranceRecord> All { get; } =
    [
        Create(1, "kitchen", UtteranceStatus.Transcribed, "water the tall plants tomorrow"),
        Create(2, "hall", UtteranceStatus.Stored),
        Create(3, "studio", UtteranceStatus.Empty),
        Create(4, "porch", UtteranceStatus.Failed, reason: "the endpoint answered 424 three times"),
        Create(5, "barn", UtteranceStatus.Lost, reason: "the disk of the device was full"),
        Create(8, "cellar", UtteranceStatus.Lost, reason: "Lost on the device: spool full.") with { Duration = TimeSpan.Zero },
        Create(9, "terrace", UtteranceStatus.Transcribed, "before the clock was right") with { Clock = Clock.Corrected },
        Create(6, "reading-room.building-7.floor-12.corridor-b.ceiling-microphone-04", UtteranceStatus.Transcribed, "תדליק את האור במטבח בבקשה"),
        Create(7, "attic", UtteranceStatus.Transcribed, string.Join(' ', Enumerable.Repeat("a long talk, of which a row shows the beginning and the page of the utterance shows all,", 12))),
    ];

    private static UtteranceRecord Create(int number, string device, UtteranceStatus status, string text = "", string? reason = null) => new()
    {
        DeviceId = device,
        UtteranceId = Guid.CreateVersion7(_time.AddSeconds(-number)),
        SequenceNumber = number,
        StartedAt = _time.AddSeconds(-number),
        ReceivedAt = _time,
        Duration = TimeSpan.FromSeconds(1.5 * number),
        Status = status,
        Text = text,
        Reason = reason,
        Trigger = Trigger.Vad,
        EndReason = UtteranceEnd.Types.Reason.Silence,
        HasAudio = status is UtteranceStatus.Transcribed or UtteranceStatus.Stored,
    };
}
