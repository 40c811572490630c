namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>
/// A made-up voice that says five syllables a second (pulses of the glottis through the formants of four vowels): enough for a voice
/// detector to hear somebody, without a recording of anybody.
/// </summary>
internal static class SyntheticVoice
{
    private const double SampleRateHz = 16_000;
    private const double PitchHz = 120;
    private const double PitchRange = 0.25;
    private const double SyllablesPerSecond = 5;
    private const double Peak = 16_000;

    // Peterson and Barney's averages for the vowels of father, see, bed and law, with usual bandwidths.
    private static readonly (double FrequencyHz, double BandwidthHz)[][] _vowels =
    [
        [(730, 80), (1090, 90), (2440, 120)],
        [(270, 60), (2290, 100), (3010, 140)],
        [(530, 60), (1840, 90), (2480, 120)],
        [(570, 70), (840, 90), (2410, 120)],
    ];

    public static short[] Make(TimeSpan length)
    {
        var voice = new double[(int)(length.TotalSeconds * SampleRateHz)];
        for (var vowel = 0; vowel < _vowels.Length; vowel++)
        {
            var part = Pulses(voice.Length, vowel);
            foreach (var (frequency, bandwidth) in _vowels[vowel])
            {
                Resonate(part, frequency, bandwidth);
            }

            var loudest = part.Max(Math.Abs);
            for (var i = 0; i < voice.Length; i++)
            {
                voice[i] += loudest > 0 ? part[i] / loudest : 0;
            }
        }

        var peak = voice.Max(Math.Abs);
        return [.. voice.Select(sample => (short)(sample / peak * Peak))];
    }

    /// <summary>The glottis in the syllables that have this vowel, quiet in the others.</summary>
    private static double[] Pulses(int count, int vowel)
    {
        var pulses = new double[count];
        var phase = 0.0;
        for (var i = 0; i < count; i++)
        {
            var syllable = i / SampleRateHz * SyllablesPerSecond;
            var position = syllable % 1;
            phase += PitchHz * (1 + (PitchRange * Math.Cos(Math.PI * position))) / SampleRateHz;
            if (phase >= 1)
            {
                phase -= 1;
                pulses[i] = (int)syllable % _vowels.Length == vowel ? Math.Sin(Math.PI * position) : 0;
            }
        }

        return pulses;
    }

    private static void Resonate(double[] samples, double frequencyHz, double bandwidthHz)
    {
        var radius = Math.Exp(-Math.PI * bandwidthHz / SampleRateHz);
        var a1 = 2 * radius * Math.Cos(2 * Math.PI * frequencyHz / SampleRateHz);
        var a2 = -radius * radius;
        double previous = 0, beforeThat = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var now = samples[i] + (a1 * previous) + (a2 * beforeThat);
            (beforeThat, previous) = (previous, now);
            samples[i] = now;
        }
    }
}
