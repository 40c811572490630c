namespace Fleet.Silo.Transcription;

/// <summary>What the cost of a call depends on.</summary>
/// <param name="Utterances">In the call.</param>
/// <param name="Seconds">Of their audio together.</param>
/// <param name="LongestSeconds">Of the longest of them: some models pad the others to it.</param>
internal readonly record struct BatchShape(int Utterances, double Seconds, double LongestSeconds)
{
    /// <summary>Seconds of padding, if the endpoint pads.</summary>
    public double PaddingSeconds => Math.Max(0, (Utterances * LongestSeconds) - Seconds);

    public BatchShape With(double seconds) => new(Utterances + 1, Seconds + seconds, Math.Max(LongestSeconds, seconds));
}
