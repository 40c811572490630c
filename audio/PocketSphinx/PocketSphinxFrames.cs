using System.Runtime.InteropServices;

namespace Fleet.Audio;

/// <summary>
/// Where in the audio the decoder's frames lie: the library leaves silence out before it counts them, and does not tell. A second front end, with the
/// same settings, shows at which sample each frame comes out. (Told to keep silence, the library hears a word in a second of zeros.)
/// </summary>
internal sealed unsafe class PocketSphinxFrames : IDisposable
{
    /// <summary>Samples from one frame to the next: 10 ms.</summary>
    public const int SamplesPerFrame = PocketSphinxDecoder.SampleRateHz / 100;

    // A frame sees 25.6 ms, so it comes out two steps after its start.
    private const int Lag = 2;

    // When speech begins, the frames before it come out at once: 20 by default.
    private const int MaxFramesPerStep = 256;
    private const int Coefficients = 64;

    private readonly float** _rows;
    private nint _frontEnd;

    public PocketSphinxFrames(nint decoder)
    {
        _frontEnd = PocketSphinxNative.FrontEndInit(PocketSphinxNative.GetConfig(decoder));
        _rows = (float**)NativeMemory.AllocZeroed(MaxFramesPerStep, (nuint)sizeof(float*));
        for (var i = 0; i < MaxFramesPerStep; i++)
        {
            // What is in them is nobody's concern: all of them may be the same one.
            _rows[i] = i == 0 ? (float*)NativeMemory.AllocZeroed(Coefficients, sizeof(float)) : _rows[0];
        }
    }

    /// <summary>For each of the decoder's frames the number of 10 ms steps before it in the audio.</summary>
    public int[] Places(ReadOnlySpan<short> samples, int frames)
    {
        var steps = samples.Length / SamplesPerFrame;
        if (_frontEnd == 0 || frames >= steps - Lag)
        {
            // Nothing was left out.
            return [.. Enumerable.Range(0, frames)];
        }

        var places = new List<int>(frames);
        PocketSphinxNative.FrontEndStartStream(_frontEnd);
        _ = PocketSphinxNative.FrontEndStart(_frontEnd);
        fixed (short* start = samples)
        {
            for (var step = 0; step * SamplesPerFrame < samples.Length; step++)
            {
                var next = start + (step * SamplesPerFrame);
                var left = (nuint)Math.Min(SamplesPerFrame, samples.Length - (step * SamplesPerFrame));
                var produced = Process(&next, &left);
                for (var i = 0; i < produced; i++)
                {
                    places.Add(Math.Max(0, step - Lag - (produced - 1 - i)));
                }
            }
        }

        int last;
        _ = PocketSphinxNative.FrontEndEnd(_frontEnd, _rows[0], &last);
        while (places.Count < frames)
        {
            places.Add(places.Count == 0 ? 0 : Math.Min(places[^1] + 1, steps));
        }

        return [.. places];
    }

    public void Dispose()
    {
        if (_frontEnd != 0)
        {
            _ = PocketSphinxNative.FrontEndFree(_frontEnd);
            _frontEnd = 0;
            NativeMemory.Free(_rows[0]);
            NativeMemory.Free(_rows);
        }
    }

    private int Process(short** next, nuint* left)
    {
        var total = 0;
        while (*left > 0)
        {
            var (frames, start, before) = (MaxFramesPerStep, -1, *left);
            if (PocketSphinxNative.FrontEndProcess(_frontEnd, next, left, _rows, &frames, &start) < 0 || (frames == 0 && *left == before))
            {
                break;
            }

            total += frames;
        }

        return total;
    }
}
