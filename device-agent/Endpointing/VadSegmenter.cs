using Fleet.Audio;

namespace Fleet.DeviceAgent.Endpointing;

/// <summary>An utterance is what somebody says (<c>--trigger vad</c>).</summary>
internal sealed class VadSegmenter : ISegmenter
{
    private readonly IVadStream _vad;
    private readonly Endpointer _endpointer;

    public VadSegmenter(EndpointerOptions options, IVadStream vad, IUtteranceSink sink)
    {
        _vad = vad;
        _endpointer = new Endpointer(options, vad, sink);
    }

    public long Position => _endpointer.Position;

    public void Push(ReadOnlySpan<short> pcm16k) => _endpointer.Push(pcm16k);

    public void EndOfSource() => _endpointer.EndOfSource();

    public void Stop() => _endpointer.Flush(EndpointReason.Stopped);

    public void Dispose() => _vad.Dispose();
}
