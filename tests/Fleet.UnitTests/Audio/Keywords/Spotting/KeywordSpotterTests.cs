using Fleet.Audio.Keywords;

namespace Fleet.UnitTests.Audio.Keywords.Spotting;

public sealed class KeywordSpotterTests : IDisposable
{
    private const int Piece = 1_280;
    private const short Keyword = 1_000;

    private readonly RecordingListener _listener = new();
    private readonly FakeKeywordModel _model = new(Keyword);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Push_KeywordWhileSomebodySpeaks_IsToldWithItsPlaceInTheSound()
    {
        using var sut = CreateSut();

        Push(sut, 10, speech: 0);
        Push(sut, 1, speech: 0.9f, keywordAt: 100);

        _listener.Detections.ShouldHaveSingleItem().EndSample.ShouldBe((10 * Piece) + 101);
    }

    [Fact]
    public void Push_NobodySpeaks_TheModelIsNotAsked()
    {
        using var sut = CreateSut();

        Push(sut, 100, speech: 0.1f, keywordAt: 5);

        _model.Streams[0].Position.ShouldBe(0);
        _listener.Detections.ShouldBeEmpty();
    }

    [Fact]
    public void Push_SpeechIsNoticedLate_WhatWasBeforeItIsHeardToo()
    {
        using var sut = CreateSut();

        Push(sut, 50, speech: 0);
        Push(sut, 1, speech: 0, keywordAt: 7);
        Push(sut, 5, speech: 0);
        Push(sut, 1, speech: 0.9f);

        _listener.Detections.ShouldHaveSingleItem().EndSample.ShouldBe((50 * Piece) + 8);
    }

    [Fact]
    public void Push_SameKeywordTwiceInTheRefractoryTime_IsOne()
    {
        using var sut = CreateSut();

        Push(sut, 3, speech: 1, keywordAt: 7);

        _listener.Detections.ShouldHaveSingleItem();
    }

    [Fact]
    public void PassOver_KeywordInAnUtterance_IsNone()
    {
        using var sut = CreateSut();

        var samples = new short[Piece];
        samples[10] = Keyword;
        sut.PassOver(samples);
        Push(sut, 5, speech: 1);

        _listener.Detections.ShouldBeEmpty();
        _model.Streams[0].Resets.ShouldBe(1);
    }

    [Fact]
    public void Exchange_KeywordThatIsBeingSpoken_IsHeardByTheNewModelOnce()
    {
        using var sut = CreateSut();
        Push(sut, 20, speech: 1);
        Push(sut, 1, speech: 1, keywordAt: 3, keyword: 2_000); // the old model does not know it
        var next = new FakeKeywordModel(2_000, "fake-2");

        sut.Exchange([next]);
        Push(sut, 1, speech: 1);

        _listener.Detections.ShouldHaveSingleItem().ShouldBe(new KeywordDetection("listen", 0.9f, (20 * Piece) + 4, 22 * Piece, "fake-2"));
    }

    [Fact]
    public void Exchange_KeywordThatTheOldModelHasTold_IsNotToldAgain()
    {
        using var sut = CreateSut();
        Push(sut, 1, speech: 1, keywordAt: 3);

        sut.Exchange([new FakeKeywordModel(Keyword, "fake-2")]);
        Push(sut, 5, speech: 1);

        _listener.Detections.ShouldHaveSingleItem().ModelId.ShouldBe("fake-1");
    }

    [Fact]
    public void Push_OneModelFails_TheOthersGoOn()
    {
        var other = new FakeKeywordModel(2_000, "other");
        using var sut = CreateSut(models: [_model, other]);
        _model.Fails = true;

        Push(sut, 1, speech: 1, keywordAt: 3, keyword: 2_000);
        Push(sut, 1, speech: 1);

        _listener.Faults.ShouldBe([("fake-1", "It fails.")]);
        _listener.Detections.ShouldHaveSingleItem().ModelId.ShouldBe("other");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(99, 0)]
    public void Push_SecondStage_MustAgreeInTime(int agreesAfter, int detections)
    {
        using var stage = new FakeStage(agreesAfter);
        using var sut = CreateSut(stage);

        Push(sut, 1, speech: 1, keywordAt: 3);
        Push(sut, 40, speech: 1);

        _listener.Detections.Count.ShouldBe(detections);
        _listener.NearMisses.Count.ShouldBe(1 - detections);
        stage.Asked.ShouldBeLessThan(6);
    }

    [Fact]
    public void Push_SecondStageDoesNotKnowTheWord_ItIsNotAsked()
    {
        using var stage = new FakeStage(99) { Word = "other" };
        using var sut = CreateSut(stage);

        Push(sut, 1, speech: 1, keywordAt: 3);

        _listener.Detections.ShouldHaveSingleItem();
    }

    private KeywordSpotter CreateSut(IKeywordSecondStage? stage = null, IReadOnlyList<IKeywordModel>? models = null) =>
        new(models ?? [_model], new KeywordSpotterOptions(), _listener, stage);

    private static void Push(KeywordSpotter sut, int pieces, float speech, int? keywordAt = null, short keyword = Keyword)
    {
        for (var i = 0; i < pieces; i++)
        {
            var samples = new short[Piece];
            if (keywordAt is { } at)
            {
                samples[at] = keyword;
            }

            sut.Push(samples, speech);
        }
    }

    private sealed class FakeStage(int agreesAfter) : IKeywordSecondStage
    {
        public string Word { get; init; } = "listen";

        public int Asked { get; private set; }

        public bool Knows(string phrase) => phrase == Word;

        public bool Hears(string phrase, ReadOnlySpan<short> samples) => Asked++ >= agreesAfter;

        public void Dispose()
        {
        }
    }
}
