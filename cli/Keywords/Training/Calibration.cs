using Fleet.Cli.Keywords.Evaluation;
using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Training;

/// <summary>
/// Turns logits into scores on which 0.85 means what it says everywhere: so many false accepts an hour. A score of 0.5 means twenty times as many.
/// </summary>
/// <param name="Scale">Of the logit.</param>
/// <param name="Offset">Added to it.</param>
internal sealed record Calibration(double Scale, double Offset)
{
    public const double WorkingScore = 0.85;

    // Fewer events tell little about a rate: below, the line that the rates above follow is drawn on.
    private const int FewEvents = 5;
    private const int ManyEvents = 60;
    private const double RatesBetweenHalfAndWorking = 20;

    /// <summary>The logit of the working point.</summary>
    public double Threshold => (Math.Log(WorkingScore / (1 - WorkingScore)) - Offset) / Scale;

    public double Score(double logit) => Loss.Sigmoid((Scale * logit) + Offset);

    /// <param name="tracks">Logits of recordings without the keyword.</param>
    /// <param name="hours">Their length.</param>
    /// <param name="targetPerHour">False accepts an hour at the working point.</param>
    /// <param name="refractorySteps">Steps without a second event.</param>
    public static Calibration Fit(IReadOnlyList<float[]> tracks, double hours, double targetPerHour, int refractorySteps)
    {
        // Logarithm of the events over the threshold: in the tail nearly a line.
        var points = new List<(double Logit, double LogCount)>();
        var highest = tracks.Max(track => ScoreTrack.Highest(track, 0, track.Length));
        for (var logit = (double)highest; logit > highest - 60; logit -= 0.05)
        {
            var count = tracks.Sum(track => ScoreTrack.Events(track, (float)logit, refractorySteps));
            if (count >= FewEvents)
            {
                points.Add((logit, Math.Log(count)));
            }

            if (count >= ManyEvents)
            {
                break;
            }
        }

        var (slope, at) = points.Count >= 3 ? Line(points) : (-1, 0);
        slope = Math.Min(slope, -0.2);
        var target = Math.Log(Math.Max(targetPerHour * hours, 1e-3));
        var threshold = points.Count >= 3 ? (target - at) / slope : highest - target;
        var scale = Math.Log(WorkingScore / (1 - WorkingScore)) * -slope / Math.Log(RatesBetweenHalfAndWorking);
        return new Calibration(scale, Math.Log(WorkingScore / (1 - WorkingScore)) - (scale * threshold));
    }

    // Least squares: log count = slope x logit + at.
    private static (double Slope, double At) Line(List<(double Logit, double LogCount)> points)
    {
        var (x, y) = (points.Average(point => point.Logit), points.Average(point => point.LogCount));
        var slope = points.Sum(point => (point.Logit - x) * (point.LogCount - y)) / Math.Max(1e-9, points.Sum(point => (point.Logit - x) * (point.Logit - x)));
        return (slope, y - (slope * x));
    }
}
