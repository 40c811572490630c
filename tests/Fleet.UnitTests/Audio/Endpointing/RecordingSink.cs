using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Endpointing;

/// <summary>One utterance: the samples from First up to, not including, End.</summary>
internal sealed record Heard(long First, long End, EndpointReason Reason);

/// <summary>Checks while listening that calls come in order and that each sample is the one that belongs there.</summary>
internal sealed class RecordingSink : IUtteranceSink
{
    private long? _first;
    private long _next;

    public List<Heard> Utterances { get; } = [];

    /// <summary>Sample i of every test stream, so that a repeated, lost or swapped one is seen.</summary>
    public static short SampleAt(long index) => (short)(index * 7919 % 65_521 - 32_760);

    public static short[] Stream(int length) => [.. Enumerable.Range(0, length).Select(static i => SampleAt(i))];

    public void OnStart(long firstSample)
    {
        _first.ShouldBeNull("an utterance was open");
        firstSample.ShouldBeGreaterThanOrEqualTo(_next, "samples would be sent twice");
        (_first, _next) = (firstSample, firstSample);
    }

    public void OnAudio(ReadOnlySpan<short> pcm16k)
    {
        _first.ShouldNotBeNull();
        foreach (var sample in pcm16k)
        {
            if (sample != SampleAt(_next))
            {
                throw new InvalidOperationException($"Sample {_next} is not the one that was pushed.");
            }

            _next++;
        }
    }

    public void OnEnd(EndpointReason reason)
    {
        Utterances.Add(new Heard(_first.ShouldNotBeNull(), _next, reason));
        _first = null;
    }
}
