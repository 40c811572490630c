namespace Fleet.Audio.Keywords;

/// <summary>
/// Edge Impulse's MFCC block over windows of one length: the same numbers as its own reference to the accuracy of a 32-bit float, which includes
/// what looks odd in it. Keeps its scratch memory: not thread safe.
/// </summary>
public sealed class MfccExtractor
{
    private const int MaxFftLength = 8_192;
    private const int MaxFilters = 256;

    // Instead of the logarithm of nothing.
    private const double Nothing = 1e-10;

    private readonly MfccParameters _parameters;
    private readonly MfccFrames _frames;
    private readonly MelFilters _filters;
    private readonly RealFft _fft;
    private readonly double[] _cosines;
    private readonly double[] _signal;
    private readonly double[] _power;
    private readonly double[] _logarithms;
    private readonly double[] _coefficients;
    private readonly CepstralNormaliser? _normaliser;

    /// <summary>Makes the filters and tables for windows of this length.</summary>
    /// <exception cref="ArgumentException">The parameters do not go together; the message says what to change.</exception>
    public MfccExtractor(MfccParameters parameters, int sampleRateHz, int windowSamples)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Check(parameters, sampleRateHz);
        _parameters = parameters;
        _frames = MfccFrames.Of(parameters, sampleRateHz, windowSamples);
        _fft = new RealFft(parameters.FftLength);
        _filters = new MelFilters(parameters, sampleRateHz);
        _signal = new double[windowSamples];
        _power = new double[_fft.Bins];
        _logarithms = new double[parameters.Filters];
        _coefficients = new double[Frames * Coefficients];
        _normaliser = parameters.NormalisationFrames == 0 ? null : new CepstralNormaliser(Frames, Coefficients, parameters.NormalisationFrames);
        _cosines = new double[Coefficients * parameters.Filters];
        for (var k = 0; k < Coefficients; k++)
        {
            for (var n = 0; n < parameters.Filters; n++)
            {
                _cosines[(k * parameters.Filters) + n] =
                    Math.Sqrt((k == 0 ? 1.0 : 2.0) / parameters.Filters) * Math.Cos(Math.PI * k * ((2 * n) + 1) / (2.0 * parameters.Filters));
            }
        }
    }

    /// <summary>Samples of a window.</summary>
    public int WindowSamples => _signal.Length;

    /// <summary>Frames of a window.</summary>
    public int Frames => _frames.Count;

    /// <summary>Coefficients of a frame.</summary>
    public int Coefficients => _parameters.Coefficients;

    /// <summary>Numbers that a window gives.</summary>
    public int FeatureCount => Frames * Coefficients;

    /// <summary>The features of a window of samples (whole numbers, as microphones give them), frame after frame.</summary>
    public void Extract(ReadOnlySpan<short> window, Span<float> features)
    {
        if (window.Length != WindowSamples || features.Length != FeatureCount)
        {
            throw new ArgumentException($"A window has {WindowSamples} samples and {FeatureCount} features, not {window.Length} and {features.Length}.");
        }

        Emphasise(window);
        for (var frame = 0; frame < Frames; frame++)
        {
            var samples = _signal.AsSpan(frame * _frames.StrideSamples, Math.Min(_frames.LengthSamples, _signal.Length - (frame * _frames.StrideSamples)));
            TakeFrame(samples, _coefficients.AsSpan(frame * Coefficients, Coefficients));
        }

        if (_normaliser is { } normaliser)
        {
            normaliser.Normalise(_coefficients, features);
            return;
        }

        for (var i = 0; i < features.Length; i++)
        {
            features[i] = (float)_coefficients[i];
        }
    }

    /// <summary>The sample before the first one is the last one of the window: the block rolls the signal.</summary>
    private void Emphasise(ReadOnlySpan<short> window)
    {
        var before = window[^1];
        for (var i = 0; i < window.Length; i++)
        {
            _signal[i] = window[i] - (_parameters.PreEmphasis * before);
            before = window[i];
        }
    }

    private void TakeFrame(ReadOnlySpan<double> samples, Span<double> coefficients)
    {
        _fft.Power(samples, _power);
        var energy = 0.0;
        for (var bin = 0; bin < _power.Length; bin++)
        {
            _power[bin] /= _parameters.FftLength;
            energy += _power[bin];
        }

        for (var filter = 0; filter < _logarithms.Length; filter++)
        {
            _logarithms[filter] = Logarithm(_filters.Apply(filter, _power));
        }

        // The energy of the frame stands where the mean of the filters would be.
        coefficients[0] = Logarithm(energy);
        for (var k = 1; k < coefficients.Length; k++)
        {
            var sum = 0.0;
            for (var n = 0; n < _logarithms.Length; n++)
            {
                sum += _cosines[(k * _logarithms.Length) + n] * _logarithms[n];
            }

            coefficients[k] = sum;
        }
    }

    private static double Logarithm(double power) => Math.Log(power == 0 ? Nothing : power);

    private static void Check(MfccParameters parameters, int sampleRateHz)
    {
        var problem = parameters switch
        {
            { Version: < 1 or > 4 } => $"'version' is {parameters.Version}: the block has the versions 1 to 4.",
            { FftLength: < 4 or > MaxFftLength } => $"'fft_length' is {parameters.FftLength}: give a power of two up to {MaxFftLength}.",
            _ when !int.IsPow2(parameters.FftLength) => $"'fft_length' is {parameters.FftLength}: give a power of two.",
            { Filters: < 2 or > MaxFilters } => $"'filters' is {parameters.Filters}: give 2 to {MaxFilters}.",
            _ when parameters.Coefficients < 1 || parameters.Coefficients > parameters.Filters =>
                $"'coefficients' is {parameters.Coefficients}: give 1 to the number of filters ({parameters.Filters}).",
            _ when parameters.NormalisationFrames < 0 || (parameters.NormalisationFrames > 0 && parameters.NormalisationFrames % 2 == 0) =>
                $"'window_size' is {parameters.NormalisationFrames}: give an odd number of frames, or 0.",
            _ when parameters.LowFrequencyHz < 0 || parameters.HighFrequencyHz < 0 || parameters.HighFrequencyHz > sampleRateHz / 2.0 =>
                $"'low_frequency' and 'high_frequency' must lie between 0 and {sampleRateHz / 2} Hz, half the sample rate.",
            _ when parameters.LowFrequencyHz >= (parameters.HighFrequencyHz == 0 ? sampleRateHz / 2.0 : parameters.HighFrequencyHz) =>
                "'low_frequency' must be below 'high_frequency'.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ArgumentException(problem);
        }
    }
}
