namespace Fleet.Audio.Keywords;

/// <summary>Maps a classifier's raw score to a calibrated one: sigmoid(scale x logit(score) + offset).</summary>
/// <param name="Scale">More than 0.</param>
/// <param name="Offset">Any number.</param>
public sealed record ScoreCalibration(double Scale = 1, double Offset = 0)
{
    // Beyond it a score of 32 bits says nothing more.
    private const double Margin = 1e-7;

    /// <summary>The calibrated score.</summary>
    public float Apply(double score)
    {
        var clamped = Math.Clamp(score, Margin, 1 - Margin);
        return (float)(1 / (1 + Math.Exp(-((Scale * Math.Log(clamped / (1 - clamped))) + Offset))));
    }
}
