using Fleet.Audio;

namespace Fleet.DeviceAgent.Endpointing;

/// <summary>
/// The button is held for as long as the source lasts (<c>--trigger button</c>): all of it is one utterance, split at the longest length.
/// </summary>
internal sealed class ButtonSegmenter(long maxSamples, IUtteranceSink sink) : ISegmenter
{
    private long _open;

    public long Position { get; private set; }

    public void Push(ReadOnlySpan<short> pcm16k)
    {
        while (pcm16k.Length > 0)
        {
            if (_open == 0)
            {
                sink.OnStart(Position);
            }

            var part = pcm16k[..(int)Math.Min(pcm16k.Length, maxSamples - _open)];
            sink.OnAudio(part);
            Position += part.Length;
            _open += part.Length;
            pcm16k = pcm16k[part.Length..];
            if (_open == maxSamples)
            {
                End(EndpointReason.MaxLength);
            }
        }
    }

    public void EndOfSource() => End(EndpointReason.SourceEnded);

    public void Stop() => End(EndpointReason.Stopped);

    public void Dispose()
    {
    }

    private void End(EndpointReason reason)
    {
        if (_open > 0)
        {
            _open = 0;
            sink.OnEnd(reason);
        }
    }
}
