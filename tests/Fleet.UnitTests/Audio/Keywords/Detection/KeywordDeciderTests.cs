using Fleet.Audio.Keywords;

namespace Fleet.UnitTests.Audio.Keywords.Detection;

public sealed class KeywordDeciderTests
{
    private readonly RecordingListener _listener = new();

    [Fact]
    public void Take_AboveTheThreshold_IsOneDetectionUntilTheRefractoryTimeIsOver()
    {
        var sut = CreateSut(TestModels.Description() with { RefractoryMs = 400, DelayMs = 80 });

        Take(sut, 0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9);

        _listener.Detections.Select(static detection => detection.NoticedAt / 1_280).ShouldBe([2, 7]);
        _listener.Detections[0].EndSample.ShouldBe(1_280);
    }

    [Fact]
    public void Take_Patience_WantsSeveralLooksInARow()
    {
        var sut = CreateSut(TestModels.Description() with { Patience = 2 });

        Take(sut, 0.9, 0.1, 0.9, 0.7);

        _listener.Detections.ShouldHaveSingleItem().NoticedAt.ShouldBe(4 * 1_280);
        _listener.Detections[0].Score.ShouldBe(0.9f);
    }

    [Fact]
    public void Take_NearTheThreshold_IsANearMissAfterASecond()
    {
        var sut = CreateSut(TestModels.Description());

        Take(sut, [0.3, 0.4, .. Enumerable.Repeat(0.0, 20)]);

        _listener.NearMisses.ShouldHaveSingleItem().Score.ShouldBe(0.4f);
        _listener.Detections.ShouldBeEmpty();
    }

    [Fact]
    public void Take_NearAndThenAbove_IsNoNearMiss()
    {
        var sut = CreateSut(TestModels.Description());

        Take(sut, [0.3, 0.4, 0.9, .. Enumerable.Repeat(0.0, 20)]);

        _listener.NearMisses.ShouldBeEmpty();
        _listener.Detections.ShouldHaveSingleItem();
    }

    [Fact]
    public void Take_OverriddenThreshold_Counts()
    {
        var sut = CreateSut(TestModels.Description(), new KeywordStreamOptions { Threshold = 0.95 });

        Take(sut, 0.9, 0.96);

        _listener.Detections.ShouldHaveSingleItem().NoticedAt.ShouldBe(2 * 1_280);
    }

    [Fact]
    public void Take_MovingAverage_IsOfTheLastLooks()
    {
        var sut = CreateSut(TestModels.Description(KeywordModelDescription.MfccKind) with { MovingAverage = 2 });

        Take(sut, 0.8, 0.8, 0);

        _listener.Scores.Select(static look => look.Scores[0]).ShouldBe([0.4f, 0.8f, 0.4f]);
    }

    [Fact]
    public void Take_PerformanceCalibration_AveragesTakesTheHighestLabelAndSuppresses()
    {
        var model = TestModels.Description(KeywordModelDescription.MfccKind) with
        {
            Labels = ["listen", "noise"],
            Keywords = ["listen"],
            PerformanceCalibration = new PerformanceCalibration { AverageWindowMs = 500, DetectionThreshold = 0.6, SuppressionMs = 750 },
        };
        var sut = new KeywordDecider(model, model.Labels, strideMs: 250, warmUp: 0, new KeywordStreamOptions(), _listener);

        // The average of two looks reaches 0.6 at the second one; then three looks are suppressed; then noise is higher.
        (float Listen, float Noise)[] looks = [(0.7f, 0), (0.7f, 0), (0.9f, 0), (0.9f, 0), (0.2f, 0), (0.65f, 0.9f), (0.65f, 0.9f), (1, 0), (1, 0)];
        for (var i = 0; i < looks.Length; i++)
        {
            sut.Take((i + 1) * 4_000, [looks[i].Listen, looks[i].Noise]);
        }

        _listener.Detections.Select(static detection => detection.NoticedAt / 4_000).ShouldBe([2, 8]);
    }

    [Fact]
    public void Constructor_KeywordThatIsNoLabel_SaysSo() =>
        Should.Throw<KeywordModelException>(() => new KeywordDecider(
            TestModels.Description() with { Keywords = ["other"] }, ["listen"], 80, 0, new KeywordStreamOptions(), _listener)).Message.ShouldContain("mend 'keywords'");

    private KeywordDecider CreateSut(KeywordModelDescription model, KeywordStreamOptions? options = null) =>
        new(model, model.Labels, strideMs: 80, warmUp: 0, options ?? new KeywordStreamOptions(), _listener);

    private static void Take(KeywordDecider sut, params double[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            sut.Take((i + 1) * 1_280, [(float)scores[i]]);
        }
    }
}
