using Fleet.Audio;

namespace Fleet.Benchmarks.Resampling;

/// <summary>What the resampler makes of one tone: how much of it comes out, what else comes out, and how late. Measured, not computed.</summary>
/// <param name="FrequencyHz">Of the tone that goes in.</param>
/// <param name="GainDecibels">Below 8 kHz: of the tone in the output; above: of everything in the output, since nothing should be there.</param>
/// <param name="ResidueDecibels">Everything in the output but the tone: images, aliases, rounding to 16 bits.</param>
/// <param name="DelayMicroseconds">Of the tone; 0 above 8 kHz.</param>
internal sealed record ToneResponse(double FrequencyHz, double GainDecibels, double ResidueDecibels, double DelayMicroseconds)
{
    private const double Amplitude = 30_000;
    private const double Seconds = 0.5;
    private const double OutputNyquistHz = Resampler.OutputRateHz / 2.0;

    // The tone's beginning and end are no tone.
    private const int Margin = 1_500;

    public static ToneResponse Measure(int rateHz, double frequencyHz)
    {
        var input = new short[(int)(rateHz * Seconds)];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = (short)Math.Round(Amplitude * Math.Sin(2 * Math.PI * frequencyHz * i / rateHz));
        }

        var output = Resampler.Resample(input, rateHz).AsSpan()[Margin..^Margin].ToArray();
        if (frequencyHz >= OutputNyquistHz)
        {
            var level = Decibels(Power(output, static (_, sample) => sample));
            return new ToneResponse(frequencyHz, level, level, 0);
        }

        var (sine, cosine) = Fit(output, frequencyHz);
        var residue = Power(output, (i, sample) =>
        {
            var (s, c) = Math.SinCos(Angle(frequencyHz, i));
            return sample - (sine * s) - (cosine * c);
        });
        var delay = Math.Atan2(-cosine, sine) / (2 * Math.PI * frequencyHz) * 1e6;
        return new ToneResponse(frequencyHz, Decibels(((sine * sine) + (cosine * cosine)) / 2), Decibels(residue), delay);
    }

    private static double Angle(double frequencyHz, int index) => 2 * Math.PI * frequencyHz * (index + Margin) / Resampler.OutputRateHz;

    private static double Power(short[] samples, Func<int, double, double> what)
    {
        var sum = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var value = what(i, samples[i]);
            sum += value * value;
        }

        return sum / samples.Length;
    }

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power / (Amplitude * Amplitude / 2), 1e-13));

    /// <summary>The sine and cosine of this frequency that fit best.</summary>
    private static (double Sine, double Cosine) Fit(short[] samples, double frequencyHz)
    {
        double ss = 0, cc = 0, sc = 0, xs = 0, xc = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var (s, c) = Math.SinCos(Angle(frequencyHz, i));
            (ss, cc, sc, xs, xc) = (ss + (s * s), cc + (c * c), sc + (s * c), xs + (samples[i] * s), xc + (samples[i] * c));
        }

        var determinant = (ss * cc) - (sc * sc);
        return (((xs * cc) - (xc * sc)) / determinant, ((xc * ss) - (xs * sc)) / determinant);
    }
}
