namespace Fleet.Silo.Transcription;

/// <summary>Utterances that go in one call.</summary>
/// <param name="Jobs">At least one.</param>
/// <param name="Shape">Of them together.</param>
/// <param name="IsFull">It would be no larger if it waited.</param>
internal sealed record BatchPlan(IReadOnlyList<TranscriptionJob> Jobs, BatchShape Shape, bool IsFull);
