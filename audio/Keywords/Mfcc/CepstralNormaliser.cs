namespace Fleet.Audio.Keywords;

/// <summary>
/// Mean and variance normalisation over a sliding window whose ends are mirrored. It adds in the order and with the width of the reference (means in
/// 64 bits, deviations in 32), since for steady sounds what it divides is rounding alone.
/// </summary>
internal sealed class CepstralNormaliser(int frames, int coefficients, int windowFrames)
{
    private const float LeastDeviation = 1e-10f;

    private readonly float[] _centred = new float[frames * coefficients];
    private readonly int _reach = (windowFrames - 1) / 2;

    public void Normalise(ReadOnlySpan<double> from, Span<float> to)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            for (var c = 0; c < coefficients; c++)
            {
                var sum = 0.0;
                for (var i = -_reach; i <= _reach; i++)
                {
                    sum += from[(Mirror(frame + i) * coefficients) + c];
                }

                var at = (frame * coefficients) + c;
                _centred[at] = (float)(from[at] - (sum / windowFrames));
            }
        }

        for (var frame = 0; frame < frames; frame++)
        {
            for (var c = 0; c < coefficients; c++)
            {
                var at = (frame * coefficients) + c;
                to[at] = _centred[at] / (Deviation(frame, c) + LeastDeviation);
            }
        }
    }

    private float Deviation(int frame, int c)
    {
        var mean = 0f;
        for (var i = -_reach; i <= _reach; i++)
        {
            mean += _centred[(Mirror(frame + i) * coefficients) + c];
        }

        mean /= windowFrames;
        var sum = 0f;
        for (var i = -_reach; i <= _reach; i++)
        {
            var distance = _centred[(Mirror(frame + i) * coefficients) + c] - mean;
            sum += distance * distance;
        }

        return MathF.Sqrt(sum / windowFrames);
    }

    /// <summary>Beyond an end the frames come back from it, the outermost one first, as often as the window needs.</summary>
    private int Mirror(int frame)
    {
        var period = 2 * frames;
        var at = ((frame % period) + period) % period;
        return at < frames ? at : period - 1 - at;
    }
}
