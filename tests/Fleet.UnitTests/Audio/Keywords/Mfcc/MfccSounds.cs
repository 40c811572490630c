namespace Fleet.UnitTests.Audio.Keywords.Mfcc;

/// <summary>The sounds of make-mfcc-vectors.py, made of whole numbers by the same rules.</summary>
internal static class MfccSounds
{
    public static short[] Make(string kind, int length)
    {
        var (noise, phase, step) = (1L, 0, 40);
        var samples = new short[length];
        for (var i = 0; i < length; i++)
        {
            noise = ((noise * 1_103_515_245) + 12_345) % 2_147_483_648;
            var white = (int)(noise / 32_768) - 32_768;
            phase = (phase + step) % 65_536;
            step += i % 4 == 0 ? 1 : 0;
            var chirp = Math.Abs(phase - 32_768) - 16_384;
            samples[i] = (short)(kind switch
            {
                "silence" => 0,
                "square" => i / 20 % 2 == 0 ? 32_767 : -32_768,
                "noise" => white,
                "faint" => FloorDivide(white, 16_384),
                "chirp" => chirp,
                "speech" => i / 2_000 % 2 == 0 ? FloorDivide(chirp, 2) + FloorDivide(white, 16) : FloorDivide(white, 4_096),
                "last" => i == length - 1 ? 20_000 : 0,
                "first" => i == 0 ? 20_000 : 0,
                "half" => i >= length / 2 ? FloorDivide(white, 4) : 0,
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            });
        }

        return samples;
    }

    /// <summary>As Python divides.</summary>
    private static int FloorDivide(int value, int by) => (int)Math.Floor((double)value / by);
}
