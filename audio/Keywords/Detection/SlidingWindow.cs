namespace Fleet.Audio.Keywords;

/// <summary>The last samples of a stream, whole at every slice of it.</summary>
internal sealed class SlidingWindow(int windowSamples, int sliceSamples)
{
    private readonly short[] _samples = new short[windowSamples];
    private bool _isWhole;
    private int _taken;

    /// <summary>Samples taken so far.</summary>
    public long Position { get; private set; }

    /// <summary>The window.</summary>
    public ReadOnlySpan<short> Samples => _samples;

    /// <summary>Takes samples up to the next time that the window is to be looked at; false when there are too few for that.</summary>
    public bool Take(ref ReadOnlySpan<short> samples)
    {
        var wanted = _isWhole ? sliceSamples : _samples.Length;
        var part = samples[..Math.Min(samples.Length, wanted - _taken)];
        samples = samples[part.Length..];
        Position += part.Length;
        _taken += part.Length;
        _samples.AsSpan(part.Length).CopyTo(_samples);
        part.CopyTo(_samples.AsSpan(_samples.Length - part.Length));
        if (_taken < wanted)
        {
            return false;
        }

        (_isWhole, _taken) = (true, 0);
        return true;
    }

    public void Reset() => (_isWhole, _taken) = (false, 0);
}
