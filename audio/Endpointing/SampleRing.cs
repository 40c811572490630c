namespace Fleet.Audio;

/// <summary>The last so many samples of a stream, addressed by their index in the stream.</summary>
internal sealed class SampleRing(int capacity)
{
    private readonly short[] _samples = new short[capacity];

    /// <summary>Index of the oldest sample kept.</summary>
    public long Start { get; private set; }

    /// <summary>Index after the newest sample.</summary>
    public long End { get; private set; }

    /// <summary>Forgets everything; the next sample has this index.</summary>
    public void Restart(long position) => (Start, End) = (position, position);

    public void Append(ReadOnlySpan<short> samples)
    {
        if (samples.Length > _samples.Length)
        {
            End += samples.Length - _samples.Length;
            samples = samples[^_samples.Length..];
        }

        var at = (int)(End % _samples.Length);
        var first = Math.Min(samples.Length, _samples.Length - at);
        samples[..first].CopyTo(_samples.AsSpan(at));
        samples[first..].CopyTo(_samples);
        End += samples.Length;
        Start = Math.Max(Start, End - _samples.Length);
    }

    /// <summary>The longest piece from <paramref name="position"/> on that lies in one part of memory; empty at the end.</summary>
    public ReadOnlySpan<short> From(long position)
    {
        var at = (int)(position % _samples.Length);
        return _samples.AsSpan(at, (int)Math.Min(End - position, _samples.Length - at));
    }
}
