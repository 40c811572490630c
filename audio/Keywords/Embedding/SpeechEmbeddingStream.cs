using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio.Keywords;

/// <summary>
/// One stream of sound on its way to embeddings. Takes chunks of any size: they make no difference to the result. About 20 kB of state. Not thread
/// safe.
/// </summary>
#pragma warning disable CA1711 // The name says what it is: the model's view of one stream of audio; no System.IO.Stream is meant.
public sealed class SpeechEmbeddingStream : IDisposable
{
    // The network looks at so many frames of log-mel at a time.
    private const int WindowFrames = 76;

    private readonly EmbeddingHandler _onEmbedding;
    private readonly InferenceSession _session;
    private readonly SpeechEmbedding _owner;
    private readonly int _stepsPerCall;
    private readonly LogMel _mel;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    // The history of the mel frames, then the step that is being filled.
    private readonly short[] _samples = new short[LogMel.History + SpeechEmbedding.StepSamples];

    // The frames before the waiting steps, then theirs.
    private readonly float[] _frames;
    private readonly float[] _embedding = new float[SpeechEmbedding.Size];
    private int _filled;
    private int _steps;

    internal SpeechEmbeddingStream(SpeechEmbedding owner, InferenceSession session, EmbeddingHandler onEmbedding, int stepsPerCall)
    {
        ArgumentNullException.ThrowIfNull(onEmbedding);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerCall, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stepsPerCall, SpeechEmbedding.MaxStepsPerCall);
        (_owner, _session, _onEmbedding, _stepsPerCall) = (owner, session, onEmbedding, stepsPerCall);
        _mel = new LogMel(owner.Filters);
        (_inputNames, _outputNames) = ([owner.InputName], [owner.OutputName]);
        _frames = new float[(WindowFrames + ((stepsPerCall - 1) * LogMel.FramesPerStep)) * LogMel.Bands];
        Reset();
    }

    internal SpeechEmbedding Owner => _owner;

    /// <summary>Samples pushed so far.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the next samples.</summary>
    public void Push(ReadOnlySpan<short> samples)
    {
        while (!samples.IsEmpty)
        {
            var part = samples[..Math.Min(samples.Length, SpeechEmbedding.StepSamples - _filled)];
            part.CopyTo(_samples.AsSpan(LogMel.History + _filled));
            samples = samples[part.Length..];
            _filled += part.Length;
            Position += part.Length;
            if (_filled == SpeechEmbedding.StepSamples)
            {
                TakeStep();
            }
        }
    }

    /// <summary>Gives the embeddings of the whole steps that still wait for company.</summary>
    public void Flush()
    {
        if (_steps > 0)
        {
            Run();
        }
    }

    /// <summary>Forgets everything heard so far; the count of samples goes on.</summary>
    public void Reset()
    {
        Array.Clear(_samples);

        // What the heads of openWakeWord are used to hear before the first sound.
        Array.Fill(_frames, 1f);
        (_filled, _steps) = (0, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _runOptions.Dispose();

    private void TakeStep()
    {
        var first = WindowFrames - LogMel.FramesPerStep + (_steps * LogMel.FramesPerStep);
        _mel.Step(_samples, _frames.AsSpan(first * LogMel.Bands));
        _samples.AsSpan(SpeechEmbedding.StepSamples).CopyTo(_samples);
        _filled = 0;
        _steps++;
        if (_steps == _stepsPerCall)
        {
            Run();
        }
    }

    private void Run()
    {
        var steps = _steps;
        _steps = 0;
        var frames = WindowFrames + ((steps - 1) * LogMel.FramesPerStep);
        using (var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _frames.AsMemory(0, frames * LogMel.Bands), [1, frames, LogMel.Bands, 1]))
        using (var outputs = _session.Run(_runOptions, _inputNames, [input], _outputNames))
        {
            // The network's order: all steps of the first number, then all of the second, …
            var result = outputs[0].GetTensorDataAsSpan<float>();
            for (var step = 0; step < steps; step++)
            {
                for (var i = 0; i < SpeechEmbedding.Size; i++)
                {
                    _embedding[i] = result[(i * steps) + step];
                }

                _onEmbedding(Position - _filled - ((steps - 1 - step) * SpeechEmbedding.StepSamples), _embedding);
            }
        }

        var kept = (WindowFrames - LogMel.FramesPerStep) * LogMel.Bands;
        _frames.AsSpan(steps * LogMel.FramesPerStep * LogMel.Bands, kept).CopyTo(_frames);
    }
}
#pragma warning restore CA1711
