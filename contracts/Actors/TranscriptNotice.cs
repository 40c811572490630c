using Fleet.V1;

namespace Fleet.Contracts.Actors;

/// <summary>What became of an utterance.</summary>
/// <param name="UtteranceId">The utterance.</param>
/// <param name="Status">Transcribed, Empty, Failed or Lost.</param>
/// <param name="Text">With Transcribed.</param>
/// <param name="Confidence">0 to 1, when the engine gives one.</param>
/// <param name="Reason">With Failed or Lost: why.</param>
/// <param name="Engine">What recognised it.</param>
/// <param name="Model">The engine's model.</param>
public sealed record TranscriptNotice(
    Guid UtteranceId, UtteranceStatus Status, string Text, float? Confidence, string Reason, string Engine, string Model);
