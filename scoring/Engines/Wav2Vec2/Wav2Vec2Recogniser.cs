using System.Buffers;
using Fleet.Audio;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>Runs batches of one worker through the model.</summary>
internal sealed class Wav2Vec2Recogniser(
    InferenceSession session, ModelSignature signature, CtcModelFolder folder, Wav2Vec2Settings settings, Func<int, int> paddedSamples) : IRecogniser
{
    private readonly bool _masked = signature.Mask is not null && (settings.AttentionMask ?? folder.WantsAttentionMask);

    /// <summary>A second of silence: allocates what a run needs, and shows whether the model is what its folder says.</summary>
    /// <exception cref="RecogniserUnavailableException">It is not.</exception>
    public void WarmUp()
    {
        try
        {
            _ = Recognise([new short[PocketSphinxDecoder.SampleRateHz]], CancellationToken.None);
        }
        catch (OnnxRuntimeException ex)
        {
            throw ModelSignature.Wrong(folder, ex.Message);
        }
    }

    public IReadOnlyList<Recognition> Recognise(IReadOnlyList<ReadOnlyMemory<short>> recordings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var padded = recordings.Max(recording => paddedSamples(recording.Length));
        var count = recordings.Count * padded;
        var waveforms = ArrayPool<float>.Shared.Rent(count);
        var mask = signature.Mask is null ? null : ArrayPool<long>.Shared.Rent(count);
        try
        {
            for (var i = 0; i < recordings.Count; i++)
            {
                var row = waveforms.AsSpan(i * padded, padded);
                Waveform.Write(recordings[i].Span, row, folder.Normalise);
                row[recordings[i].Length..].Clear();
                mask?.AsSpan(i * padded, padded).Fill(1);
                if (_masked)
                {
                    mask.AsSpan(i * padded, padded)[recordings[i].Length..].Clear();
                }
            }

            return Run(recordings, padded, waveforms.AsMemory(0, count), mask.AsMemory(0, mask is null ? 0 : count), cancellationToken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(waveforms);
            if (mask is not null)
            {
                ArrayPool<long>.Shared.Return(mask);
            }
        }
    }

    public void Dispose()
    {
        // The model is the engine's.
    }

    private List<Recognition> Run(
        IReadOnlyList<ReadOnlyMemory<short>> recordings, int padded, Memory<float> waveforms, Memory<long> mask, CancellationToken cancellationToken)
    {
        long[] shape = [recordings.Count, padded];
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, waveforms, shape);
        using var maskInput = signature.Mask is null ? null : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, mask, shape);
        string[] names = signature.Mask is null ? [signature.Input] : [signature.Input, signature.Mask];
        OrtValue[] values = maskInput is null ? [input] : [input, maskInput];

        // It ends after the operator that it is in.
        using var stop = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options); // state: options, not null
        try
        {
            using var results = session.Run(options, names, values, [signature.Output]);
            return Read(results[0], recordings, padded);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private List<Recognition> Read(OrtValue scores, IReadOnlyList<ReadOnlyMemory<short>> recordings, int padded)
    {
        var shape = scores.GetTensorTypeAndShape().Shape;
        var (expectedFrames, tokens) = (folder.Convolutions.FramesOf(padded), folder.Vocabulary.Count);
        if (shape is not [var rows, var frames, var columns] || rows != recordings.Count || frames != expectedFrames || columns != tokens)
        {
            throw ModelSignature.Wrong(
                folder,
                $"{padded} samples became [{string.Join(',', shape)}], but by config.json and vocab.json they are [{recordings.Count},{expectedFrames},{tokens}]");
        }

        var all = scores.GetTensorDataAsSpan<float>();
        var answers = new List<Recognition>(recordings.Count);
        for (var i = 0; i < recordings.Count; i++)
        {
            // What the model says about the padding is cut off.
            var own = Math.Min(folder.Convolutions.FramesOf(recordings[i].Length), expectedFrames);
            answers.Add(Read(all.Slice(i * expectedFrames * tokens, own * tokens), recordings[i].Length));
        }

        return answers;
    }

    private Recognition Read(ReadOnlySpan<float> scores, int samples)
    {
        var duration = TimeSpan.FromSeconds((double)samples / PocketSphinxDecoder.SampleRateHz);
        if (settings.BeamWidth == 1)
        {
            var path = GreedySearch.Decode(scores, folder.Vocabulary);
            var words = Words(path);
            return new Recognition(Text(words), Confidence(path, words), duration) { Words = words };
        }

        var paths = BeamSearch.Decode(scores, folder.Vocabulary, settings.BeamWidth).Select(path => (Path: path, Words: Words(path))).ToList();
        var best = paths[0];
        var text = Text(best.Words);
        return new Recognition(text, Confidence(best.Path, best.Words), duration)
        {
            Words = best.Words,
            Alternatives =
            [
                .. paths.Skip(1).Select(other => new RecognitionAlternative(Text(other.Words), Confidence(other.Path, other.Words) ?? Silent(other.Path)))
                    .Where(other => other.Text != text).DistinctBy(static other => other.Text).Take(settings.Alternatives),
            ],
        };
    }

    private IReadOnlyList<RecognisedWord> Words(CtcPath path)
    {
        const double MillisecondsPerSecond = 1_000;
        return folder.Vocabulary.Words(
            path.Symbols, folder.Convolutions.SamplesPerFrame * MillisecondsPerSecond / PocketSphinxDecoder.SampleRateHz, folder.LowerCase);
    }

    private static string Text(IReadOnlyList<RecognisedWord> words) => string.Join(' ', words.Select(static word => word.Word));

    /// <summary>As for PocketSphinx the geometric mean over the words, so that long texts are not doubtful only by their length.</summary>
    private static float? Confidence(CtcPath path, IReadOnlyList<RecognisedWord> words) =>
        words.Count == 0 ? null : (float)Math.Clamp(Math.Exp(path.LogProbability / words.Count), 0, 1);

    private static float Silent(CtcPath path) => (float)Math.Clamp(Math.Exp(path.LogProbability), 0, 1);
}
