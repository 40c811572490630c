namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>Noise that is computed, about as loud as 1 (root mean square) before it is mixed.</summary>
internal static class Noise
{
    public static float[] Create(NoiseColour colour, int length, Random random)
    {
        var samples = new float[length];
        var (brown, p0, p1, p2) = (0f, 0f, 0f, 0f);
        for (var i = 0; i < length; i++)
        {
            var white = (random.NextSingle() * 2) - 1;
            switch (colour)
            {
                case NoiseColour.White:
                    samples[i] = white;
                    break;
                case NoiseColour.Pink:
                    // Three leaky sums, each of which has fallen where the next one is still flat.
                    p0 = (0.99765f * p0) + (white * 0.0990460f);
                    p1 = (0.96300f * p1) + (white * 0.2965164f);
                    p2 = (0.57000f * p2) + (white * 1.0526913f);
                    samples[i] = p0 + p1 + p2 + (white * 0.1848f);
                    break;
                default:
                    brown = (0.995f * brown) + (0.1f * white);
                    samples[i] = brown;
                    break;
            }
        }

        return samples;
    }
}
