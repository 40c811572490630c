using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Endpointing;

public sealed class EndpointerOpeningTests
{
    private const int Frame = 512;

    private readonly RecordingSink _sink = new();

    [Fact]
    public void Push_SpeechAlone_StartsNothing()
    {
        var sut = CreateSut((100, 1));

        sut.Push(RecordingSink.Stream(100 * Frame));
        sut.EndOfSource();

        _sink.Utterances.ShouldBeEmpty();
    }

    [Fact]
    public void Open_SampleThatHasPassed_StartsThereAndEndsAfterTheSilence()
    {
        var sut = CreateSut((20, 1), (20, 0), (40, 1), (100, 0));
        var stream = RecordingSink.Stream(180 * Frame);

        sut.Push(stream.AsSpan(0, (25 * Frame) + 100));
        sut.Open((22 * Frame) + 7);
        sut.Push(stream.AsSpan((25 * Frame) + 100));

        _sink.Utterances.ShouldBe([new Heard((22 * Frame) + 7, 105 * Frame, EndpointReason.Silence)]);
    }

    [Fact]
    public void Open_NobodySpeaks_EndsAfterTheWait()
    {
        var sut = CreateSut((20, 1), (300, 0));
        var stream = RecordingSink.Stream(320 * Frame);

        sut.Push(stream.AsSpan(0, 22 * Frame));
        sut.Open(20 * Frame);
        sut.Push(stream.AsSpan(22 * Frame));

        _sink.Utterances.ShouldBe([new Heard(20 * Frame, 147 * Frame, EndpointReason.Silence)]);
    }

    [Fact]
    public void Open_FurtherBackThanIsKept_StartsWithWhatIs()
    {
        var sut = CreateSut((400, 0));

        sut.Push(RecordingSink.Stream(400 * Frame));
        sut.Open(0);
        sut.Flush(EndpointReason.Stopped);

        _sink.Utterances.ShouldHaveSingleItem().First.ShouldBeGreaterThan(0);
        _sink.Utterances[0].End.ShouldBe(400 * Frame);
    }

    private Endpointer CreateSut(params (int Frames, float Probability)[] script) =>
        new(new EndpointerOptions(), new ScriptedVad(ScriptedVad.Script(script)), _sink, new EndpointerOpening());
}
