using Fleet.V1;

namespace Fleet.Storage;

/// <summary>What a deployment made of an utterance in a run.</summary>
/// <param name="Status">Transcribed or Empty.</param>
/// <param name="Text">The transcript.</param>
public sealed record NewVersion(UtteranceStatus Status, string Text)
{
    public float? Confidence { get; init; }

    public string? Engine { get; init; }

    public string? Model { get; init; }

    public string? Deployment { get; init; }

    public string? RequestId { get; init; }

    public TranscriptDetails Details { get; init; } = TranscriptDetails.None;

    /// <summary>Words of the text that it was compared with.</summary>
    public int OldWords { get; init; }

    /// <summary>Changes that make this text of that one.</summary>
    public int WordEdits { get; init; }
}
