using Fleet.Storage;

namespace Fleet.Silo.Transcription;

/// <summary>What is kept of an answer beside its text.</summary>
internal static class ScoreDetails
{
    public static TranscriptDetails From(ScoreResult score) => new()
    {
        Endpoint = score.Endpoint.Length > 0 ? score.Endpoint : null,
        Queued = score.Calls > 0 ? score.Waited : null,
        Scored = score.Calls > 0 ? score.Took : null,
        Alternatives = [.. score.Alternatives.Select(alternative => new TranscriptAlternative(alternative.Text, alternative.Confidence))],
        Words = [.. score.Words.Select(word => new TranscriptWord(word.Word, word.StartMs, word.EndMs, word.Confidence))],
    };
}
