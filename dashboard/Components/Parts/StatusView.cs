using Fleet.V1;

namespace Fleet.Dashboard.Components.Parts;

/// <summary>How a status is called, drawn and written in URLs.</summary>
public sealed record StatusView(UtteranceStatus Status, string Key, string Label, string Icon, string Meaning)
{
    /// <summary>In the order in which pages show them.</summary>
    public static IReadOnlyList<StatusView> All { get; } =
    [
        new(UtteranceStatus.Transcribed, "transcribed", "Transcribed", "check", "Has a text."),
        new(UtteranceStatus.Stored, "stored", "Stored", "clock", "Stored; its transcript is on the way."),
        new(UtteranceStatus.Empty, "empty", "Empty", "silence", "The recogniser found no words."),
        new(UtteranceStatus.Failed, "failed", "Failed", "alert", "No transcript could be had; the audio is kept."),
        new(UtteranceStatus.Lost, "lost", "Lost", "lost", "The audio is gone."),
    ];

    public static StatusView Of(UtteranceStatus status) =>
        All.FirstOrDefault(view => view.Status == status)
        ?? new StatusView(status, "unknown", "Unknown", "silence", "A status that this dashboard does not know.");

    public static UtteranceStatus? Parse(string? key) => All.FirstOrDefault(view => view.Key == key)?.Status;
}
