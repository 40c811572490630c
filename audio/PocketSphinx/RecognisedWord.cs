namespace Fleet.Audio;

/// <summary>One word with its place in the audio.</summary>
/// <param name="Word">As in the text.</param>
/// <param name="StartMilliseconds">Milliseconds from the start of the audio.</param>
/// <param name="EndMilliseconds">Milliseconds from the start of the audio; where the next word may begin.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record RecognisedWord(string Word, int StartMilliseconds, int EndMilliseconds, float Confidence);
