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
        (again.Text, again.Confidence, again.Duration).ShouldBe((first.Text, first.Confidence, first.Duration));
        again.Words.ShouldBe(first.Words);
        silence.ShouldBe(new Recognition("", null, TimeSpan.FromSeconds(1)));
        nothing.ShouldBe(new Recognition("", null, TimeSpan.Zero));
        tooShort.Text.ShouldBe("");
    }

    [SpeechFact]
    public void Decode_Speech_GivesWordsWithTheirTimesAndConfidences()
    {
        using var sut = PocketSphinxDecoder.Load();

        var heard = sut.Decode(Samples.Read("conference-recorded.wav"));

        string.Join(' ', heard.Words.Select(word => word.Word)).ShouldBe(heard.Text);
        heard.Words.ShouldAllBe(word => word.Confidence > 0 && word.Confidence <= 1 && word.StartMilliseconds < word.EndMilliseconds);
        heard.Words.Select(word => word.StartMilliseconds).ShouldBeInOrder();
        heard.Words[1].StartMilliseconds.ShouldBeInRange(100, 300, "\"conference\"");
        heard.Words[^1].EndMilliseconds.ShouldBeInRange(2_000, 2_320);
    }

    [SpeechFact]
    public void Decode_SilenceBeforeAndInside_WordsAreWhereTheyWereSaid()
    {
        using var sut = PocketSphinxDecoder.Load();
        var speech = Samples.Read("conference-recorded.wav");
        var random = new Random(3);
        short[] silence = [.. Enumerable.Range(0, 48_000).Select(_ => (short)random.Next(-4, 5))];

        // The library leaves silence out and counts on, as if it had not been.
        var heard = sut.Decode([.. silence, .. speech, .. silence, .. speech]);

        heard.Text.ShouldBe("the conference is now being recorded the conference is now being recorded");
        var second = (2 * 3_000) + (speech.Length / 16);
        heard.Words[1].StartMilliseconds.ShouldBeInRange(3_100, 3_300);
        heard.Words[7].StartMilliseconds.ShouldBeInRange(second + 100, second + 300);
        heard.Words[^1].EndMilliseconds.ShouldBeLessThanOrEqualTo(second + (speech.Length / 16) + 10);
    }

    [SpeechFact]
    public void Decode_AlternativesWanted_GivesOtherTextsBestFirstAndTheSameTextAsWithout()
    {
        using var sut = PocketSphinxDecoder.Load();
        var speech = Samples.Read("conference-recorded.wav");

        var with = sut.Decode(speech, alternatives: 3);
        var without = sut.Decode(speech);

        (with.Text, with.Confidence).ShouldBe((without.Text, without.Confidence));
        without.Alternatives.ShouldBeEmpty();
        with.Alternatives.Count.ShouldBeInRange(1, 3);
        with.Alternatives.Select(other => other.Text).Append(with.Text).ShouldBeUnique();
        with.Alternatives.Select(other => other.Confidence).ShouldBeInOrder(SortDirection.Descending);
        with.Alternatives.ShouldAllBe(other => other.Confidence > 0 && other.Confidence <= with.Confidence);
    }

    [Fact]
    public void Load_ModelMissing_NamesThePackages() =>
        Should.Throw<RecogniserUnavailableException>(() => PocketSphinxDecoder.Load("/nowhere")).Message
            .ShouldContain("apt-get install -y libpocketsphinx3 pocketsphinx-en-us");
}
