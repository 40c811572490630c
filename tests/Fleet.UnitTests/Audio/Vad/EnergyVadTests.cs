using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Vad;

public sealed class EnergyVadTests
{
    private const int Second = 16_000;
    private readonly Random _random = new(1);

    [Theory]
    [InlineData(0.0)] // digital silence
    [InlineData(3.0)]
    [InlineData(300.0)]
    [InlineData(3_000.0)] // a fan beside the microphone
    public void Push_SteadyNoiseFromTheStart_IsNoSpeech(double deviation) => Utterances(Noise(20 * Second, deviation)).ShouldBeEmpty();

    [Fact]
    public void Push_MainsHumAndOffset_AreNoSpeech() =>
        Utterances([.. Enumerable.Range(0, 10 * Second).Select(static i => (short)(6_000 + (3_000 * Math.Sin(2 * Math.PI * 50 * i / Second))))]).ShouldBeEmpty();

    [Theory]
    [InlineData(3.0)]
    [InlineData(200.0)]
    public void Push_WordInNoise_IsOneUtterance(double deviation)
    {
        var heard = Utterances([.. Noise(4 * Second, deviation), .. Voice(Second / 2), .. Noise(4 * Second, deviation)]).ShouldHaveSingleItem();

        heard.First.ShouldBeInRange(3 * Second, 4 * Second);
        heard.End.ShouldBeInRange(9 * Second / 2, 6 * Second);
    }

    [Fact]
    public void Push_WordInTheFirstMoment_IsNotLost()
    {
        // Nobody knows yet how loud the room is; the silence after the word tells it.
        var heard = Utterances([.. Voice(5_000), .. Noise(3 * Second, 10)]).ShouldHaveSingleItem();

        heard.First.ShouldBe(0);
        heard.End.ShouldBeGreaterThan(5_000);
    }

    [Fact]
    public void Push_SpeechAtOnce_IsKeptFromItsFirstWord()
    {
        var speech = Enumerable.Range(0, 5).SelectMany(_ => Voice(5_000).Concat(Noise(2_500, 10))).ToArray();

        Utterances([.. speech, .. Noise(3 * Second, 10)]).ShouldHaveSingleItem().First.ShouldBe(0);
    }

    [Fact]
    public void Push_NoiseThatComesAndStays_EndsBySilenceAndWordsInItAreHeard()
    {
        // A fan is switched on: what began with it ends when it has become the room.
        var heard = Utterances([.. Noise(5 * Second, 10), .. Noise(15 * Second, 400), .. Voice(Second / 2), .. Noise(5 * Second, 400)]);

        heard.Count.ShouldBe(2);
        heard[0].Reason.ShouldBe(EndpointReason.Silence);
        heard[0].End.ShouldBeLessThan(11 * Second);
        heard[1].First.ShouldBeInRange(19 * Second, 20 * Second);
    }

    [Fact]
    public void Push_SoundThatNeverRests_IsCutAtTheCapAndGoesOn()
    {
        // Ten beats a second, louder and softer: no floor to be found.
        short[] music = [.. Enumerable.Range(0, 70 * Second).Select(i => (short)(i / 800 % 2 * 8_000 * Math.Sin(2 * Math.PI * 700 * i / Second)))];

        var heard = Utterances([.. Noise(2 * Second, 3), .. music]);

        heard.Count.ShouldBeGreaterThanOrEqualTo(2);
        heard[0].Reason.ShouldBe(EndpointReason.MaxLength);
        heard[1].First.ShouldBe(heard[0].End);
    }

    [Fact]
    public void Reset_AfterAStream_HearsAsIfItWereNew()
    {
        var vad = new EnergyVad().CreateStream();
        var frames = Noise(2 * Second, 200).Chunk(512).Where(static frame => frame.Length == 512).ToArray();
        var first = frames.Select(frame => vad.Push(frame)).ToArray();

        vad.Reset();

        frames.Select(frame => vad.Push(frame)).ToArray().ShouldBe(first);
    }

    [Fact]
    public void Push_OtherThanAFrame_Throws() => Should.Throw<ArgumentException>(() => new EnergyVad().CreateStream().Push(new short[511]));

    private static List<Cut> Utterances(short[] samples)
    {
        var sink = new CutSink();
        using var vad = new EnergyVad().CreateStream();
        var sut = new Endpointer(new EndpointerOptions(), vad, sink);
        sut.Push(samples);
        sut.EndOfSource();
        return sink.Cuts;
    }

    private short[] Noise(int length, double deviation) =>
        [.. Enumerable.Range(0, length).Select(_ => (short)(deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble())))];

    /// <summary>Something like a vowel: a pitch with overtones, that swells and fades.</summary>
    private static short[] Voice(int length) =>
    [
        .. Enumerable.Range(0, length).Select(i => (short)(
            3_000 * Math.Sin(Math.PI * i / length) * Enumerable.Range(1, 8).Sum(k => Math.Sin(2 * Math.PI * 130 * k * i / Second) / k))),
    ];

    private sealed record Cut(long First, long End, EndpointReason Reason);

    private sealed class CutSink : IUtteranceSink
    {
        private long _first;
        private long _next;

        public List<Cut> Cuts { get; } = [];

        public void OnStart(long firstSample) => (_first, _next) = (firstSample, firstSample);

        public void OnAudio(ReadOnlySpan<short> pcm16k) => _next += pcm16k.Length;

        public void OnEnd(EndpointReason reason) => Cuts.Add(new Cut(_first, _next, reason));
    }
}
