using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio;

/// <summary>The state of one stream in Silero VAD. Its tensors are bound once, so that a frame costs no managed memory.</summary>
internal sealed class SileroVadStream : IVadStream
{
    private const long SampleRateHz = 16_000;
    private const int StateSize = 2 * 1 * 128;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];
    private readonly float[] _input;
    private readonly float[] _state = new float[StateSize];
    private readonly float[] _nextState = new float[StateSize];
    private readonly float[] _output = new float[1];
    private readonly int _frameSamples;
    private readonly int _contextSamples;

    public SileroVadStream(InferenceSession session, int frameSamples, int contextSamples)
    {
        (_session, _frameSamples, _contextSamples) = (session, frameSamples, contextSamples);
        _input = new float[contextSamples + frameSamples];
        _binding = session.CreateIoBinding();
        _binding.BindInput("input", Bind(_input, [1, _input.Length]));
        _binding.BindInput("state", Bind(_state, [2, 1, 128]));
        _binding.BindInput("sr", Bind(new[] { SampleRateHz }, []));
        _binding.BindOutput("output", Bind(_output, [1, 1]));
        _binding.BindOutput("stateN", Bind(_nextState, [2, 1, 128]));
    }

    public float Push(ReadOnlySpan<short> frame512)
    {
        if (frame512.Length != _frameSamples)
        {
            throw new ArgumentException($"A frame has {_frameSamples} samples, not {frame512.Length}.", nameof(frame512));
        }

        // The tail of the previous frame becomes the context of this one.
        _input.AsSpan(_frameSamples).CopyTo(_input);
        var samples = _input.AsSpan(_contextSamples);
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = frame512[i] / 32768f;
        }

        _session.RunWithBinding(_runOptions, _binding);
        _nextState.CopyTo(_state, 0);
        return _output[0];
    }

    public void Reset()
    {
        Array.Clear(_input);
        Array.Clear(_state);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _values.ForEach(static value => value.Dispose());
        _values.Clear();
        _runOptions.Dispose();
    }

    private OrtValue Bind<T>(T[] array, long[] shape)
        where T : unmanaged
    {
        var value = OrtValue.CreateTensorValueFromMemory(array, shape);
        _values.Add(value);
        return value;
    }
}
