using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>Puts clips into scenes: another speaker, another room, another microphone, noise, and talk before and after. The same random numbers make the same scene.</summary>
internal sealed class SceneMaker(AugmentationOptions options, Backgrounds backgrounds)
{
    private const int RateHz = Wave16.RateHz;

    /// <param name="clip">16 kHz.</param>
    /// <param name="bounds">Where in it the speech is that counts.</param>
    /// <param name="random">Decides everything.</param>
    public Scene FromClip(ReadOnlySpan<short> clip, SpeechBounds bounds, Random random)
    {
        // Half of the time a bigger or smaller speaker; tempo apart from it.
        var speed = random.NextDouble() < 0.7 ? Factor(options.MaxSpeedChange, random) : 1;
        var tempo = random.NextDouble() < 0.4 ? Factor(options.MaxTempoChange, random) : 1;
        var speech = SpeedChange.Apply(Levels.ToFloat(clip), speed);
        if (tempo != 1)
        {
            speech = TimeStretch.Apply(speech, tempo);
        }

        var scale = 1 / (speed * tempo);
        var (start, end) = ((int)(bounds.Start * scale), Math.Min(speech.Length, (int)(bounds.End * scale)));
        var lead = (int)(RateHz * (0.7 + (1.3 * random.NextDouble())));
        var tail = (int)(RateHz * (0.5 + (0.4 * random.NextDouble())));
        var scene = new float[lead + speech.Length + tail];
        Normalise(speech, speech.AsSpan(start, end - start));
        speech.CopyTo(scene, lead);
        AddTalk(scene, lead + start, lead + speech.Length, random);
        if (random.NextDouble() < 0.6)
        {
            scene = Room.Create(0.08 + ((options.LongestDecaySeconds - 0.08) * random.NextDouble()), -3 + (18 * random.NextDouble()), random).Apply(scene);
        }

        AddNoise(scene, random);
        return new Scene(Finish(scene, random), lead + start, lead + end);
    }

    /// <summary>A stretch of a recording, changed a little: it is what it is, a negative.</summary>
    public short[] FromRecording(ReadOnlySpan<short> stretch, bool isPlain, Random random)
    {
        var samples = Levels.ToFloat(stretch);
        if (isPlain)
        {
            var gain = (float)Levels.FromDb((12 * random.NextDouble()) - 9);
            foreach (ref var sample in samples.AsSpan())
            {
                sample *= gain;
            }

            return Levels.ToShort(samples);
        }

        samples = SpeedChange.Apply(samples, Factor(options.MaxSpeedChange, random));
        if (random.NextDouble() < 0.4)
        {
            samples = Room.Create(0.08 + ((options.LongestDecaySeconds - 0.08) * random.NextDouble()), 12 * random.NextDouble(), random).Apply(samples);
        }

        Normalise(samples, samples);
        AddNoise(samples, random);
        return Finish(samples, random);
    }

    // Talk or music before and after the word, at its own level, sometimes without a pause.
    private void AddTalk(float[] scene, int start, int end, Random random)
    {
        if (backgrounds.Count == 0)
        {
            return;
        }

        if (random.NextDouble() < 0.25)
        {
            var until = start - (int)(RateHz * 0.35 * random.NextDouble());
            Add(scene.AsSpan(0, Math.Max(0, until)), random);
        }

        if (random.NextDouble() < 0.4)
        {
            var from = end + (int)(RateHz * 0.35 * random.NextDouble());
            Add(scene.AsSpan(Math.Min(from, scene.Length)), random);
        }
    }

    private void Add(Span<float> target, Random random)
    {
        if (target.IsEmpty)
        {
            return;
        }

        var talk = backgrounds.Take(target.Length, random);
        Normalise(talk, talk);
        var gain = (float)Levels.FromDb((12 * random.NextDouble()) - 9);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += talk[i] * gain;
        }
    }

    // The speech is as loud as 1 here.
    private void AddNoise(float[] scene, Random random)
    {
        var snr = options.MinSnrDb + ((options.MaxSnrDb - options.MinSnrDb) * random.NextDouble());
        var noise = random.NextDouble() < 0.5
            ? Noise.Create((NoiseColour)random.Next(3), scene.Length, random)
            : backgrounds.Take(scene.Length, random);
        Normalise(noise, noise);
        var gain = (float)Levels.FromDb(-snr);
        for (var i = 0; i < scene.Length; i++)
        {
            scene[i] += noise[i] * gain;
        }
    }

    private short[] Finish(float[] scene, Random random)
    {
        if (random.NextDouble() < 0.3)
        {
            BandLimit.LowPass(scene, 3_200 + (4_000 * random.NextDouble()));
        }

        if (random.NextDouble() < 0.3)
        {
            BandLimit.HighPass(scene, 80 + (320 * random.NextDouble()));
        }

        var level = options.LoudestDb + ((options.QuietestDb - options.LoudestDb) * random.NextDouble());
        var gain = (float)(Levels.FromDb(-level) * Levels.FullScale);
        foreach (ref var sample in scene.AsSpan())
        {
            sample *= gain;
        }

        return Levels.ToShort(scene);
    }

    private static void Normalise(Span<float> samples, ReadOnlySpan<float> by)
    {
        var rms = Levels.Rms(by);
        if (rms > 1e-6)
        {
            var gain = (float)(1 / rms);
            foreach (ref var sample in samples)
            {
                sample *= gain;
            }
        }
    }

    private static double Factor(double most, Random random) => Math.Pow(most, (2 * random.NextDouble()) - 1);
}
