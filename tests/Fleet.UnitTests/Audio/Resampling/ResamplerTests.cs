using System.Buffers;
using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Resampling;

public sealed class ResamplerTests
{
    private const double Amplitude = 20_000;

    [Fact]
    public void Push_At16Kilohertz_ChangesNothing()
    {
        var input = Noise(10_007, seed: 1);

        Resampler.Resample(input, 16_000).ShouldBe(input);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(11_025)]
    [InlineData(22_050)]
    [InlineData(24_000)]
    [InlineData(32_000)]
    [InlineData(44_100)]
    [InlineData(44_056)]
    [InlineData(48_000)]
    [InlineData(96_000)]
    [InlineData(191_999)]
    public void Resample_AnyLength_GivesTheNearestNumberOfSamples(int rate)
    {
        foreach (var length in (int[])[0, 1, 2, 3, 100, 1_001, 44_101])
        {
            var expected = (int)Math.Floor((length * 16_000.0 / rate) + 0.5);

            Resampler.Resample(Noise(length, seed: 2), rate).Length.ShouldBe(expected, $"{length} samples");
        }
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(96_000)]
    [InlineData(44_056)]
    [InlineData(47_999)]
    public void Push_InChunksOfAnySize_GivesTheSameAsAtOnce(int rate)
    {
        var input = Noise(50_000, seed: 3);
        var random = new Random(4);
        var sut = new Resampler(rate);

        // Twice: after Complete the resampler takes a new stream.
        for (var round = 0; round < 2; round++)
        {
            var output = new ArrayBufferWriter<short>();
            for (var at = 0; at < input.Length;)
            {
                var count = Math.Min(random.Next(1, 3_000), input.Length - at);
                sut.Push(input.AsSpan(at, count), output);
                at += count;
            }

            sut.Complete(output);
            output.WrittenSpan.ToArray().ShouldBe(Resampler.Resample(input, rate));
        }
    }

    [Theory]
    [InlineData(22_050)]
    [InlineData(32_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(47_999)]
    [InlineData(96_000)]
    public void Resample_ToneAboveTheNewBand_IsAtLeast60DecibelsDown(int rate)
    {
        for (var frequency = 8_000.0; frequency < rate / 2.0; frequency += rate > 48_000 ? 610 : 210)
        {
            var output = Middle(Resampler.Resample(Tone(frequency, rate, rate / 2), rate));

            Decibels(Rms(output) / (Amplitude / Math.Sqrt(2))).ShouldBeLessThan(-60, $"{frequency} Hz");
        }
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(11_025)]
    [InlineData(22_050)]
    [InlineData(32_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(47_999)]
    [InlineData(96_000)]
    public void Resample_ToneWithinTheBand_KeepsLevelAndPhaseAndNothingElseAppears(int rate)
    {
        var edge = 0.88 * Math.Min(rate, 16_000) / 2;
        for (var frequency = 100.0; frequency < edge; frequency += 370)
        {
            var output = Middle(Resampler.Resample(Tone(frequency, rate, rate / 2), rate), out var first);

            var (sine, cosine) = Project(output, first, frequency);
            var residue = output.Select((sample, i) =>
                sample - (sine * Math.Sin(Angle(frequency, first + i))) - (cosine * Math.Cos(Angle(frequency, first + i)))).ToArray();
            Math.Abs(Decibels(sine / Amplitude)).ShouldBeLessThan(0.05, $"level at {frequency} Hz");
            Math.Abs(cosine / Amplitude).ShouldBeLessThan(0.002, $"delay at {frequency} Hz");
            Decibels(Rms(residue) / (Amplitude / Math.Sqrt(2))).ShouldBeLessThan(-60, $"images at {frequency} Hz");
        }
    }

    [Theory]
    [InlineData(7_999)]
    [InlineData(192_001)]
    public void Constructor_RateOutOfRange_Throws(int rate) => Should.Throw<ArgumentOutOfRangeException>(() => new Resampler(rate));

    private static short[] Noise(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))];
    }

    private static short[] Tone(double frequency, int rate, int length) =>
        [.. Enumerable.Range(0, length).Select(i => (short)Math.Round(Amplitude * Math.Sin(2 * Math.PI * frequency * i / rate)))];

    private static double Angle(double frequency, int index) => 2 * Math.PI * frequency * index / 16_000;

    // The ends hold the start and stop of the tone, which is not a tone.
    private static short[] Middle(short[] samples) => Middle(samples, out _);

    private static short[] Middle(short[] samples, out int first)
    {
        first = 2_000;
        return samples[first..^2_000];
    }

    private static (double Sine, double Cosine) Project(short[] samples, int first, double frequency)
    {
        double ss = 0, cc = 0, sc = 0, xs = 0, xc = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var (s, c) = Math.SinCos(Angle(frequency, first + i));
            (ss, cc, sc, xs, xc) = (ss + (s * s), cc + (c * c), sc + (s * c), xs + (samples[i] * s), xc + (samples[i] * c));
        }

        var determinant = (ss * cc) - (sc * sc);
        return (((xs * cc) - (xc * sc)) / determinant, ((xc * ss) - (xs * sc)) / determinant);
    }

    private static double Rms(IReadOnlyCollection<short> samples) => Rms([.. samples.Select(static sample => (double)sample)]);

    private static double Rms(double[] samples) => Math.Sqrt(samples.Sum(static sample => sample * sample) / samples.Length);

    private static double Decibels(double ratio) => 20 * Math.Log10(Math.Max(ratio, 1e-12));
}
