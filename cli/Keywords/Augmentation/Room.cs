using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>A room that sound goes through: the direct way, a few early reflections, and a tail of sparse echoes that die away.</summary>
internal sealed class Room
{
    private const int RateHz = 16_000;

    // So many echoes a second sound as dense as a real tail, at a fiftieth of the work of every sample.
    private const int EchoesPerSecond = 800;

    private readonly (int Delay, float Gain)[] _echoes;

    private Room((int Delay, float Gain)[] echoes) => _echoes = echoes;

    /// <param name="decaySeconds">Time in which an echo falls by 60 dB.</param>
    /// <param name="directToReverberantDb">How much louder the direct sound is than all echoes together.</param>
    /// <param name="random">Makes the room.</param>
    public static Room Create(double decaySeconds, double directToReverberantDb, Random random)
    {
        var count = Math.Max(1, (int)(decaySeconds * EchoesPerSecond));
        var echoes = new (int Delay, float Gain)[count];
        var energy = 0.0;
        for (var i = 0; i < count; i++)
        {
            // One echo in each stretch of time, from 2 ms on.
            var seconds = 0.002 + ((i + random.NextDouble()) / EchoesPerSecond);
            var gain = Math.Pow(10, -3 * seconds / decaySeconds) * (random.Next(2) == 0 ? 1 : -1);
            echoes[i] = ((int)(seconds * RateHz), (float)gain);
            energy += gain * gain;
        }

        var scale = (float)Math.Sqrt(Math.Pow(10, -directToReverberantDb / 10) / energy);
        return new Room([.. echoes.Select(echo => (echo.Delay, echo.Gain * scale))]);
    }

    /// <summary>As long as the input: what echoes after the end is cut off.</summary>
    public float[] Apply(ReadOnlySpan<float> samples)
    {
        var result = samples.ToArray();
        foreach (var (delay, gain) in _echoes)
        {
            if (delay < samples.Length)
            {
                Vectors.AddScaled(result.AsSpan(delay), samples[..^delay], gain);
            }
        }

        return result;
    }
}
