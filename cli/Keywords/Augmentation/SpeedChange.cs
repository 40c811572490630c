namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>Plays sound faster or slower, as a tape does: pitch and the size of the speaker change with the length.</summary>
internal static class SpeedChange
{
    /// <param name="samples">The sound.</param>
    /// <param name="speed">1.1 = faster and higher by a tenth.</param>
    public static float[] Apply(ReadOnlySpan<float> samples, double speed)
    {
        var result = new float[(int)(samples.Length / speed)];
        for (var i = 0; i < result.Length; i++)
        {
            var position = i * speed;
            var at = (int)position;
            var part = (float)(position - at);

            // Catmull-Rom through four samples: up to 1.2 times, what folds back lies above the telephone's band and is faint.
            var (a, b, c, d) = (At(samples, at - 1), At(samples, at), At(samples, at + 1), At(samples, at + 2));
            result[i] = b + (0.5f * part * (c - a + (part * ((2 * a) - (5 * b) + (4 * c) - d + (part * ((3 * (b - c)) + d - a))))));
        }

        return result;
    }

    private static float At(ReadOnlySpan<float> samples, int index) => index >= 0 && index < samples.Length ? samples[index] : 0;
}
