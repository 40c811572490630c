namespace Fleet.Audio;

/// <summary>
/// One stream of an <see cref="EnergyVad"/>. The noise floor is the quietest moment of the last seconds: people pause, fans do not, so a
/// noise that stays is no speech any more after that time.
/// </summary>
internal sealed class EnergyVadStream : IVadStream
{
    // Above the floor by so much is speech; chosen on the development clips (docs/audio.md).
    private const double SpeechDecibels = 9;

    // How softly the answer goes from 0 to 1 around it.
    private const double SoftnessDecibels = 3;

    // No room and no microphone is quieter than this; what is quieter is digital silence, above which any click would be speech.
    private const double QuietestFloorDbfs = -66;

    // The floor is the quietest of so many blocks of so many frames: 3 seconds, in which a speaker pauses at least for a moment.
    private const int FloorBlocks = 12;
    private const int BlockFrames = 8;

    // Until the room is known. Speech in these frames is told when the first pause shows the floor; the pre-roll reaches back to it.
    private const int WarmUpFrames = 15;

    // First-order high-pass at 150 Hz: mains hum and an offset are no sound.
    private const double HighPass = 0.9445;

    private readonly double[] _blocks = new double[FloorBlocks];
    private readonly double[] _warmUp = new double[WarmUpFrames];
    private double _block;
    private int _frames;
    private int _owed;
    private double _lastInput;
    private double _lastOutput;
    private double _smooth;

    public EnergyVadStream() => Reset();

    public float Push(ReadOnlySpan<short> frame512)
    {
        if (frame512.Length != SileroVad.FrameSamples)
        {
            throw new ArgumentException($"A frame has {SileroVad.FrameSamples} samples, not {frame512.Length}.", nameof(frame512));
        }

        var level = Math.Max(Level(frame512), QuietestFloorDbfs);
        var before = Floor();
        TakeFloor(level);
        var floor = Floor();
        if (_frames < WarmUpFrames)
        {
            _warmUp[_frames] = level;
            if (floor < before)
            {
                Owe(floor);
            }
        }

        _frames++;
        var probability = Probability(level - floor);
        if (_owed > 0 && probability < 0.5f)
        {
            _owed--;
            return 1;
        }

        return probability;
    }

    public void Reset()
    {
        Array.Fill(_blocks, double.PositiveInfinity);
        (_block, _smooth) = (double.PositiveInfinity, double.NaN);
        (_frames, _owed, _lastInput, _lastOutput) = (0, 0, 0, 0);
    }

    public void Dispose()
    {
    }

    private static float Probability(double decibelsAboveFloor) =>
        (float)(1 / (1 + Math.Exp((SpeechDecibels - decibelsAboveFloor) / SoftnessDecibels)));

    /// <summary>A pause shows that what came before it was speech: as many frames of speech are still to be told.</summary>
    private void Owe(double floor)
    {
        var speech = 0;
        for (var i = 0; i < _frames; i++)
        {
            speech += Probability(_warmUp[i] - floor) >= 0.5f ? 1 : 0;
        }

        _owed = Math.Max(_owed, speech);
    }

    private double Level(ReadOnlySpan<short> samples)
    {
        var (power, input, output) = (0.0, _lastInput, _lastOutput);
        if (_frames == 0)
        {
            // The first sample of a stream that is offset is no step.
            input = samples[0];
        }

        foreach (var sample in samples)
        {
            output = HighPass * (output + sample - input);
            input = sample;
            power += output * output;
        }

        (_lastInput, _lastOutput) = (input, output);
        return 10 * Math.Log10((power / samples.Length / (32_768.0 * 32_768.0)) + 1e-12);
    }

    private void TakeFloor(double level)
    {
        // The quietest of single frames of noise lies below its mean: a little smoothing makes the floor the noise's own level.
        _smooth = double.IsNaN(_smooth) || level < _smooth - SpeechDecibels ? level : _smooth + ((level - _smooth) / 3);
        _block = Math.Min(_block, _smooth);
        if ((_frames + 1) % BlockFrames == 0)
        {
            _blocks[_frames / BlockFrames % FloorBlocks] = _block;
            _block = double.PositiveInfinity;
        }
    }

    private double Floor()
    {
        var floor = _block;
        foreach (var block in _blocks)
        {
            floor = Math.Min(floor, block);
        }

        return floor;
    }
}
