using Fleet.Audio;
using Fleet.DeviceAgent.Endpointing;

namespace Fleet.UnitTests.Agent.Endpointing;

public sealed class ButtonSegmenterTests
{
    [Fact]
    public void Push_LongerThanTheCap_SplitsWithoutAGap()
    {
        var sink = new Sink();
        using var sut = new ButtonSegmenter(1000, sink);
        var samples = Enumerable.Range(0, 2500).Select(i => (short)i).ToArray();

        sut.Push(samples.AsSpan(0, 700));
        sut.Push(samples.AsSpan(700));
        sut.EndOfSource();

        sink.Log.ShouldBe(["start 0", "end MaxLength", "start 1000", "end MaxLength", "start 2000", "end SourceEnded"]);
        sink.Samples.ShouldBe(samples);
    }

    [Fact]
    public void EndOfSource_ExactlyAtTheCap_MakesNoEmptyUtterance()
    {
        var sink = new Sink();
        using var sut = new ButtonSegmenter(1000, sink);

        sut.Push(new short[1000]);
        sut.EndOfSource();

        sink.Log.ShouldBe(["start 0", "end MaxLength"]);
    }

    private sealed class Sink : IUtteranceSink
    {
        public List<string> Log { get; } = [];

        public List<short> Samples { get; } = [];

        public void OnStart(long firstSample) => Log.Add($"start {firstSample}");

        public void OnAudio(ReadOnlySpan<short> pcm16k) => Samples.AddRange(pcm16k);

        public void OnEnd(EndpointReason reason) => Log.Add($"end {reason}");
    }
}
