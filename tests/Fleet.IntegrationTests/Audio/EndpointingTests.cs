using System.Buffers;
using Fleet.Audio;

namespace Fleet.IntegrationTests.Audio;

/// <summary>The endpointer with the real detector, on people.</summary>
public sealed class EndpointingTests
{
    [Fact]
    public void EndOfSource_EachSample_IsKeptWholeAsOneUtterance()
    {
        using var vad = SileroVad.Load();
        foreach (var name in Samples.Names.Where(static name => name != "two-sentences.wav"))
        {
            var speech = Samples.Read(name);

            var utterance = Utterances(vad, speech).ShouldHaveSingleItem(name);

            // These recordings begin and end with speech.
            utterance.First.ShouldBeLessThan(1_600, name);
            (utterance.First + utterance.Samples.Length).ShouldBe(speech.Length, name);
            utterance.Samples.ShouldBe(speech.AsSpan((int)utterance.First).ToArray(), name);
        }
    }

    [Fact]
    public void Push_TwoSentencesWithAPauseOfTwoSeconds_AreTwoUtterances()
    {
        using var vad = SileroVad.Load();

        var utterances = Utterances(vad, Samples.Read("two-sentences.wav"));

        utterances.Select(static u => u.Reason).ShouldBe([EndpointReason.Silence, EndpointReason.SourceEnded]);
    }

    [SpeechFact]
    public void Push_SpeechBetweenSilence_KeepsEveryWord()
    {
        using var vad = SileroVad.Load();
        using var decoder = PocketSphinxDecoder.Load();
        var random = new Random(1);
        short[] Quiet(int samples) => [.. Enumerable.Range(0, samples).Select(_ => (short)random.Next(-4, 5))];

        var utterance = Utterances(vad, [.. Quiet(32_000), .. Samples.Read("call-the-person.wav"), .. Quiet(32_000)]).ShouldHaveSingleItem();

        // The silence around it may turn a word in the middle into another, but takes none away.
        var words = decoder.Decode(utterance.Samples).Text.Split(' ');
        words.Length.ShouldBe(10);
        words[..4].ShouldBe(["press", "two", "to", "call"]);
        words[^2..].ShouldBe(["this", "message"]);
        utterance.Samples.Length.ShouldBeLessThan(100_000);
    }

    private static List<Cut> Utterances(SileroVad vad, short[] samples)
    {
        using var stream = vad.CreateStream();
        var sink = new Sink();
        var sut = new Endpointer(new EndpointerOptions(), stream, sink);
        foreach (var chunk in samples.Chunk(1_600))
        {
            sut.Push(chunk);
        }

        sut.EndOfSource();
        return sink.Cuts;
    }

    private sealed record Cut(long First, short[] Samples, EndpointReason Reason);

    private sealed class Sink : IUtteranceSink
    {
        private readonly ArrayBufferWriter<short> _open = new();
        private long _first;

        public List<Cut> Cuts { get; } = [];

        public void OnStart(long firstSample)
        {
            _first = firstSample;
            _open.Clear();
        }

        public void OnAudio(ReadOnlySpan<short> pcm16k) => _open.Write(pcm16k);

        public void OnEnd(EndpointReason reason) => Cuts.Add(new Cut(_first, _open.WrittenSpan.ToArray(), reason));
    }
}
