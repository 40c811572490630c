namespace Fleet.Audio;

/// <summary>Makes one channel of two: their mean.</summary>
public static class ChannelMix
{
    /// <summary>Mixes interleaved samples of one or two channels; gives the number of mono samples.</summary>
    public static int ToMono(ReadOnlySpan<short> interleaved, int channels, Span<short> mono)
    {
        if (channels == 1)
        {
            interleaved.CopyTo(mono);
            return interleaved.Length;
        }

        var frames = interleaved.Length / 2;
        for (var i = 0; i < frames; i++)
        {
            mono[i] = (short)((interleaved[2 * i] + interleaved[(2 * i) + 1]) >> 1);
        }

        return frames;
    }
}
