namespace Fleet.Audio;

/// <summary>Sums over samples, and what they say about the microphone. Sums of pieces add up to those of the whole.</summary>
public readonly record struct InputLevels
{
    /// <summary>From this share of samples at full scale on, sound counts as clipped. A loud laugh touches full scale now and then.</summary>
    public const double ClippingShare = 0.001;

    /// <summary>From this distance of the mean from zero on, in percent of full scale, the offset is worth a word.</summary>
    public const double MaxDcOffsetPercent = 3;

    /// <summary>Speech whose peak is below this, in dB below full scale, is too soft: 16 bits leave it six.</summary>
    public const double QuietPeakDbfs = -40;

    // Of full scale; some converters stop a few steps below it.
    private const int FullScaleFrom = 32_700;
    private const double FullScale = 32_768;

    // A converter that is alive makes more noise than this; digital silence and a constant make less.
    private const int SilentSwing = 2;
    private const double FloorDbfs = -120;

    // Steps of the converter: noise and a little offset are less.
    private const double FlatFrom = 16;

    /// <summary>Samples that were looked at.</summary>
    public long Samples { get; private init; }

    /// <summary>Samples at full scale, or so near it that it is the same.</summary>
    public long FullScaleSamples { get; private init; }

    private long Sum { get; init; }

    private double SumOfSquares { get; init; }

    private int Minimum { get; init; }

    private int Maximum { get; init; }

    /// <summary>Share of samples at full scale, 0 to 1.</summary>
    public double FullScaleShare => Samples == 0 ? 0 : (double)FullScaleSamples / Samples;

    /// <summary>Mean of the samples in percent of full scale, with its sign.</summary>
    public double DcOffsetPercent => Samples == 0 ? 0 : 100 * Mean / FullScale;

    /// <summary>The highest sample in dB below full scale; -120 for silence.</summary>
    public double PeakDbfs => Decibels(Math.Max(Maximum, -Minimum) / FullScale);

    /// <summary>Power without the offset, in dB below that of a square wave at full scale; -120 for silence.</summary>
    public double RmsDbfs => Samples == 0 ? FloorDbfs : Decibels(Math.Sqrt(Math.Max(0, (SumOfSquares / Samples) - (Mean * Mean))) / FullScale);

    /// <summary>What is wrong, but for <see cref="InputFaults.Quiet"/>; <see cref="InputFaults.None"/> also when there were no samples.</summary>
    public InputFaults Faults =>
        Samples == 0 ? InputFaults.None
        : (Maximum - Minimum > SilentSwing ? InputFaults.None : Math.Abs(Mean) >= FlatFrom ? InputFaults.Flat : InputFaults.Silent)
            | (FullScaleShare >= ClippingShare ? InputFaults.Clipping : InputFaults.None)
            | (Math.Abs(DcOffsetPercent) >= MaxDcOffsetPercent ? InputFaults.DcOffset : InputFaults.None);

    /// <summary>What is wrong with it as speech.</summary>
    public InputFaults SpeechFaults =>
        Faults | (Samples > 0 && (Faults & InputFaults.DcOffset) == 0 && PeakDbfs < QuietPeakDbfs ? InputFaults.Quiet : InputFaults.None);

    private double Mean => (double)Sum / Samples;

    /// <summary>Looks at samples; of several channels, all of them: one that is clipped is not hidden by the mean of both.</summary>
    public static InputLevels Of(ReadOnlySpan<short> samples)
    {
        if (samples.IsEmpty)
        {
            return default;
        }

        long sum = 0;
        long squares = 0;
        long full = 0;
        var (minimum, maximum) = (samples[0], samples[0]);
        foreach (var sample in samples)
        {
            sum += sample;
            squares += sample * sample;
            full += sample is >= FullScaleFrom or <= -FullScaleFrom ? 1 : 0;
            minimum = Math.Min(minimum, sample);
            maximum = Math.Max(maximum, sample);
        }

        return new InputLevels
        {
            Samples = samples.Length,
            FullScaleSamples = full,
            Sum = sum,
            SumOfSquares = squares,
            Minimum = minimum,
            Maximum = maximum,
        };
    }

    /// <summary>The levels of both pieces together.</summary>
    public static InputLevels operator +(InputLevels left, InputLevels right) =>
        left.Samples == 0 ? right
        : right.Samples == 0 ? left
        : new InputLevels
        {
            Samples = left.Samples + right.Samples,
            FullScaleSamples = left.FullScaleSamples + right.FullScaleSamples,
            Sum = left.Sum + right.Sum,
            SumOfSquares = left.SumOfSquares + right.SumOfSquares,
            Minimum = Math.Min(left.Minimum, right.Minimum),
            Maximum = Math.Max(left.Maximum, right.Maximum),
        };

    /// <summary>The levels of both pieces together.</summary>
    public static InputLevels Add(InputLevels left, InputLevels right) => left + right;

    private static double Decibels(double ratio) => Math.Max(FloorDbfs, 20 * Math.Log10(ratio));
}
