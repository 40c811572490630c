namespace Fleet.Audio.Keywords;

/// <summary>How many frames of which length Edge Impulse's block finds in a window.</summary>
internal readonly record struct MfccFrames(int Count, int LengthSamples, int StrideSamples)
{
    private const int MaxCount = 500;

    /// <exception cref="ArgumentException">There is none, or there are more than the block takes.</exception>
    public static MfccFrames Of(MfccParameters parameters, int sampleRateHz, int windowSamples)
    {
        var length = parameters.Version == 1
            ? (int)Math.Round(sampleRateHz * parameters.FrameLengthSeconds, MidpointRounding.ToEven)
            : Ceiling(sampleRateHz * parameters.FrameLengthSeconds);
        var stride = Ceiling(sampleRateHz * parameters.FrameStrideSeconds);
        if (length < 1 || stride < 1)
        {
            throw new ArgumentException("'frame_length' and 'frame_stride' must be longer than a sample: give seconds, such as 0.02.");
        }

        var count = parameters.Version == 1
            ? (int)Math.Floor((windowSamples - length) / (double)stride)
            : (int)Math.Floor((windowSamples - (length - stride)) / (double)stride);
        if (count < 1)
        {
            throw new ArgumentException($"A frame ({length} samples) is longer than the window ({windowSamples}): lower 'frame_length' or widen the window.");
        }

        return count <= MaxCount
            ? new MfccFrames(count, length, stride)
            : throw new ArgumentException($"The window has {count} frames, the block takes at most {MaxCount}: raise 'frame_stride' or narrow the window.");
    }

    /// <summary>Up, but 288.0001 is what a float makes of 288.</summary>
    private static int Ceiling(double samples)
    {
        var floor = Math.Floor(samples);
        return (int)(samples > floor && samples - floor < 0.001 ? floor : Math.Ceiling(samples));
    }
}
