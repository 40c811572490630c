using Fleet.Cli.Keywords.Evaluation;

namespace Fleet.UnitTests.Cli.Keywords.Evaluation;

public sealed class OperatingCurveTests
{
    // An hour of talk, a look each: three events, of which the second is over before the third.
    private static readonly OperatingCurve _sut = OperatingCurve.Create(
        peaks: [0.95f, 0.9f, 0.6f, 0.2f],
        tracks: [[0.1f, 0.7f, 0.8f, 0.1f, 0.1f, 0.5f, 0.1f], [0.1f, 0.3f]],
        hours: 1,
        refractorySteps: 3);

    [Fact]
    public void AtRate_IsTheLowestThresholdWithSoFewFalseAccepts()
    {
        var none = _sut.AtRate(0);
        var one = _sut.AtRate(1);
        var three = _sut.AtRate(3);

        (none.FalseAccepts, none.Misses).ShouldBe((0, 2));
        none.Threshold.ShouldBe(0.9, 1e-6);
        (one.FalseAccepts, one.Misses).ShouldBe((1, 1));
        one.Threshold.ShouldBe(0.6, 1e-6);
        (three.FalseAccepts, three.Misses).ShouldBe((3, 0));
    }

    [Fact]
    public void AtThreshold_CountsWhatWouldFire()
    {
        var point = _sut.AtThreshold(0.75);

        (point.FalseAccepts, point.Misses).ShouldBe((1, 2));
    }

    [Fact]
    public void Events_WithinTheRefractoryTime_AreOne()
    {
        ScoreTrack.Events([0.9f, 0.9f, 0.1f, 0.9f], 0.5f, refractorySteps: 3).ShouldBe(2);
        ScoreTrack.Events([0.9f, 0.9f, 0.1f, 0.9f], 0.5f, refractorySteps: 4).ShouldBe(1);
    }
}
