namespace Fleet.Silo.Transcription;

/// <summary>A word of the text.</summary>
/// <param name="Word">As it stands in the text.</param>
/// <param name="StartMs">Milliseconds from the utterance's first sample.</param>
/// <param name="EndMs">Likewise.</param>
/// <param name="Confidence">0 to 1.</param>
internal sealed record ScoreWord(string Word, int StartMs, int EndMs, float Confidence);
