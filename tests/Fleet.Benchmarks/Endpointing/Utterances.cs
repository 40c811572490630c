using System.Buffers;
using Fleet.Audio;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>One utterance as the endpointer cut it.</summary>
internal sealed record Utterance(long FirstSample, ReadOnlyMemory<short> Samples, EndpointReason Reason);

/// <summary>Collects the utterances of a recording.</summary>
internal sealed class Utterances : IUtteranceSink
{
    private readonly List<Utterance> _done = [];
    private ArrayBufferWriter<short> _open = new();
    private long _first;

    public static IReadOnlyList<Utterance> Of(ReadOnlySpan<short> samples, EndpointerOptions options, IVad vad)
    {
        using var stream = vad.CreateStream();
        var sink = new Utterances();
        var endpointer = new Endpointer(options, stream, sink);
        endpointer.Push(samples);
        endpointer.EndOfSource();
        return sink._done;
    }

    public void OnStart(long firstSample) => (_first, _open) = (firstSample, new ArrayBufferWriter<short>());

    public void OnAudio(ReadOnlySpan<short> pcm16k) => _open.Write(pcm16k);

    public void OnEnd(EndpointReason reason) => _done.Add(new Utterance(_first, _open.WrittenMemory, reason));
}
