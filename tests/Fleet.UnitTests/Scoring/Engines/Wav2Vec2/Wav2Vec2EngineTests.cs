using Fleet.Audio;
using Fleet.Scoring.Engines.Wav2Vec2;
using Fleet.Testing.Speech;

namespace Fleet.UnitTests.Scoring.Engines.Wav2Vec2;

/// <summary>The engine with a real ONNX model, whose answers are known by construction.</summary>
public sealed class Wav2Vec2EngineTests
{
    [Fact]
    public void Recognise_Letters_AreTheTextWithItsWordsAndTimes()
    {
        using var folder = ModelFolder.With();

        var heard = Recognise(folder, ToneSpeech.Say("HELLO WORLD"));

        heard.Text.ShouldBe("HELLO WORLD");
        heard.Confidence.ShouldNotBeNull().ShouldBeGreaterThan(0.99f);
        heard.Duration.ShouldBe(TimeSpan.FromMilliseconds(11 * 3 * 20));
        heard.Words.Select(word => (word.Word, word.StartMilliseconds, word.EndMilliseconds)).ShouldBe([("HELLO", 0, 280), ("WORLD", 360, 640)]);
        heard.Words.ShouldAllBe(word => word.Confidence > 0.99f && word.Confidence <= 1);
        heard.Alternatives.ShouldBeEmpty();
    }

    [Fact]
    public void Recognise_OneLetterInManyFrames_IsOneLetterAndWithAPauseTwo()
    {
        using var folder = ModelFolder.With();
        var (l, o) = (ToneSpeech.TokenOf('L'), ToneSpeech.TokenOf('O'));

        Recognise(folder, ToneSpeech.SayFrames([l, l, l, l, o, o])).Text.ShouldBe("LO");
        Recognise(folder, ToneSpeech.SayFrames([l, l, 0, l, o, 0, o])).Text.ShouldBe("LLOO");
    }

    [Fact]
    public void Recognise_DelimitersAndSpecialTokens_AreSpacesAndNothing()
    {
        using var folder = ModelFolder.With();
        var (a, b) = (ToneSpeech.TokenOf('A'), ToneSpeech.TokenOf('B'));

        // | | <s> A </s> | 0 | <unk> B |
        Recognise(folder, ToneSpeech.SayFrames([4, 0, 4, 1, a, 2, 4, 0, 4, 3, b, 4])).Text.ShouldBe("A B");
    }

    [Theory]
    [InlineData(0.005, 0)]
    [InlineData(0.9, 0)]
    [InlineData(0.05, 0.4)]
    public void Recognise_QuietLoudOrWithAnOffset_IsTheSameText(double amplitude, double offset)
    {
        using var folder = ModelFolder.With();

        // 100 samples beyond the last frame: the end of the bucket is padding.
        Recognise(folder, ToneSpeech.Say("WHO SENT THIS", amplitude, offset: offset, extraSamples: 100)).Text.ShouldBe("WHO SENT THIS");
    }

    [Fact]
    public void Recognise_ModelThatWantsNone_GetsAudioAsItIs()
    {
        using var folder = ModelFolder.With(new ToneModel { Preprocessor = new { do_normalize = false } });

        Recognise(folder, ToneSpeech.Say("HELLO", amplitude: 0.05)).Text.ShouldBe("", "the tones are too quiet for a model that hears normalised audio");
        Recognise(folder, ToneSpeech.Say("HELLO", amplitude: 0.9)).Text.ShouldBe("HELLO");
        Recognise(folder, ToneSpeech.Say("HE", amplitude: 0.01, offset: 0.9)).Text.ShouldBe("Z", "the offset stays");
    }

    [Fact]
    public void Recognise_Silence_IsAnEmptyTextWithoutConfidence()
    {
        using var folder = ModelFolder.With();

        foreach (var samples in new[] { 1, 399, 16_000 })
        {
            var heard = Recognise(folder, new short[samples]);
            heard.Text.ShouldBe("");
            heard.Confidence.ShouldBeNull();
            heard.Words.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Recognise_InABatchOrAlone_IsTheSame()
    {
        // This model's scores depend on the padding, as wav2vec2-base's do.
        using var folder = ModelFolder.With(new ToneModel { NormalisesOverFrames = true });
        using var engine = Wav2Vec2Engine.Load(new Wav2Vec2Settings { ModelFolder = folder.Path, BucketSamples = 16_000 });
        using var recogniser = engine.CreateRecogniser();
        short[][] recordings = [ToneSpeech.Say("ONE MORE"), ToneSpeech.Say("TWO", 0.01), ToneSpeech.Say("THREE", extraSamples: 77), ToneSpeech.Say("FOUR", offset: 0.2)];
        recordings.Select(samples => engine.BucketOf(samples.Length)).Distinct().ShouldHaveSingleItem();

        var together = recogniser.Recognise([.. recordings.Select(samples => (ReadOnlyMemory<short>)samples)], CancellationToken.None);
        var alone = recordings.Select(samples => recogniser.Recognise([samples], CancellationToken.None).Single()).ToList();

        together.Select(heard => heard.Text).ShouldBe(["ONE MORE", "TWO", "THREE", "FOUR"]);
        for (var i = 0; i < recordings.Length; i++)
        {
            together[i].Text.ShouldBe(alone[i].Text);
            together[i].Confidence.ShouldNotBeNull().ShouldBe(alone[i].Confidence.ShouldNotBeNull(), 1e-4f);
            together[i].Words.Select(word => word.StartMilliseconds).ShouldBe(alone[i].Words.Select(word => word.StartMilliseconds));
            together[i].Duration.ShouldBe(alone[i].Duration);
        }
    }

    [Theory]
    [InlineData(3_200, 1, 3_200)]
    [InlineData(3_200, 3_200, 3_200)]
    [InlineData(3_200, 3_201, 6_400)]
    [InlineData(0, 1, 400)]
    [InlineData(0, 400, 400)]
    [InlineData(0, 401, 401)]
    public void BucketOf_Lengths_GoUpInStepsAndNeverBelowOneFrame(int step, int samples, int bucket)
    {
        using var folder = ModelFolder.With(new ToneModel { Config = null, Preprocessor = null });
        using var engine = Wav2Vec2Engine.Load(new Wav2Vec2Settings { ModelFolder = folder.Path, BucketSamples = step });

        engine.BucketOf(samples).ShouldBe(bucket);
    }

    [Fact]
    public void AttentionMask_OfAModelThatHasOne_IsAsTheModelOrTheOptionSays()
    {
        using var plain = ModelFolder.With(new ToneModel { HasAttentionMask = true });
        using var wanting = ModelFolder.With(new ToneModel { HasAttentionMask = true, Preprocessor = new { return_attention_mask = true } });
        var speech = ToneSpeech.Say("HI");

        Recognise(plain, speech).Text.ShouldBe("HI");
        Recognise(wanting, speech).Text.ShouldBe("Q", "this model says so where it is told of padding");
        Recognise(wanting, speech, settings => settings with { AttentionMask = false }).Text.ShouldBe("HI");
        Recognise(plain, speech, settings => settings with { AttentionMask = true }).Text.ShouldBe("Q");
    }

    [Fact]
    public void Recognise_WithABeam_FindsTheSameTextAndOthers()
    {
        using var folder = ModelFolder.With(new ToneModel { Tokenizer = new { do_lower_case = true, pad_token = new { content = "<pad>" } } });

        var heard = Recognise(folder, ToneSpeech.Say("HELLO WORLD"), settings => settings with { BeamWidth = 8, Alternatives = 2 });

        heard.Text.ShouldBe("hello world");
        heard.Words.Select(word => (word.Word, word.StartMilliseconds)).ShouldBe([("hello", 0), ("world", 360)]);
        heard.Alternatives.Count.ShouldBeLessThanOrEqualTo(2);
        heard.Alternatives.ShouldAllBe(other => other.Text != heard.Text);
    }

    [Fact]
    public async Task Recognise_NobodyWaitsAnyMore_Stops()
    {
        // A minute through 1,000 layers is many seconds of work: a run that is not broken off returns a result instead.
        using var folder = ModelFolder.With(new ToneModel { UselessLayers = 1_000 });
        using var engine = Wav2Vec2Engine.Load(new Wav2Vec2Settings { ModelFolder = folder.Path });
        using var recogniser = engine.CreateRecogniser();
        using var unwanted = new CancellationTokenSource();
        var running = Task.Run(() => recogniser.Recognise([new short[75 * 16_000]], unwanted.Token));

        unwanted.CancelAfter(TimeSpan.FromMilliseconds(100));

        await Should.ThrowAsync<OperationCanceledException>(running);
        recogniser.Recognise([ToneSpeech.Say("OK")], CancellationToken.None).Single().Text.ShouldBe("OK");
    }

    private static Recognition Recognise(ModelFolder folder, short[] samples, Func<Wav2Vec2Settings, Wav2Vec2Settings>? change = null)
    {
        var settings = new Wav2Vec2Settings { ModelFolder = folder.Path };
        using var engine = Wav2Vec2Engine.Load(change?.Invoke(settings) ?? settings);
        using var recogniser = engine.CreateRecogniser();
        return recogniser.Recognise([samples], CancellationToken.None).Single();
    }
}
