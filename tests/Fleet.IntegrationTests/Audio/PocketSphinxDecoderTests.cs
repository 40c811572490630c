using Fleet.Audio;

namespace Fleet.IntegrationTests.Audio;

public sealed class PocketSphinxDecoderTests
{
    [SpeechFact]
    public void Decode_SpeechAndSilence_GivesWhatIsThereAndTheSameEveryTime()
    {
        using var sut = PocketSphinxDecoder.Load();
        var speech = Samples.Read("conference-recorded.wav");

        var first = sut.Decode(speech);
        var silence = sut.Decode(new short[16_000]);
        var nothing = sut.Decode([]);
        var tooShort = sut.Decode(new short[100]);
        var again = sut.Decode(speech);

        first.Text.ShouldBe("the conference is now being recorded");
        first.Confidence.ShouldNotBeNull().ShouldBeInRange(0.01f, 1f);
        first.Duration.ShouldBe(TimeSpan.FromSeconds(speech.Length / 16_000.0));
        again.ShouldBe(first);
        silence.ShouldBe(new Recognition("", null, TimeSpan.FromSeconds(1)));
        nothing.ShouldBe(new Recognition("", null, TimeSpan.Zero));
        tooShort.Text.ShouldBe("");
    }

    [Fact]
    public void Load_ModelMissing_NamesThePackages() =>
        Should.Throw<RecogniserUnavailableException>(() => PocketSphinxDecoder.Load("/nowhere")).Message
            .ShouldContain("apt-get install -y libpocketsphinx3 pocketsphinx-en-us");
}
