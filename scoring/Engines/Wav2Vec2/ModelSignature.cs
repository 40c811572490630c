using Fleet.Audio;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>What goes into a model and what comes out, by name; checked when the model is loaded.</summary>
/// <param name="Input">Float samples, [batch, samples].</param>
/// <param name="Mask">1 for samples, 0 for padding; null in models that do not take it.</param>
/// <param name="Output">Float scores, [batch, frames, vocabulary].</param>
/// <param name="TakesBatches">False when the model was exported for one recording at a time.</param>
internal sealed record ModelSignature(string Input, string? Mask, string Output, bool TakesBatches)
{
    private const string MaskName = "attention_mask";

    public static ModelSignature Of(InferenceSession session, CtcModelFolder folder)
    {
        var waveforms = session.InputMetadata.Where(static input => input.Key != MaskName).ToList();
        if (waveforms is not [{ Key: var name, Value: { } waveform }] || waveform.ElementType != typeof(float) || waveform.Dimensions.Length != 2)
        {
            throw Wrong(folder, $"its inputs are {Names(session.InputMetadata)}, not one of floats, [batch, samples], and perhaps {MaskName}");
        }

        if (waveform.Dimensions[1] > 0)
        {
            throw Wrong(folder, $"it takes recordings of exactly {waveform.Dimensions[1]} samples: export it with dynamic axes");
        }

        var hasMask = session.InputMetadata.TryGetValue(MaskName, out var mask);
        if (hasMask && (mask!.ElementType != typeof(long) || mask.Dimensions.Length != 2)) // hasMask says that it is there
        {
            throw Wrong(folder, $"{MaskName} is not of 64-bit integers, [batch, samples]");
        }

        var scores = session.OutputMetadata.FirstOrDefault(static output => output.Value.ElementType == typeof(float) && output.Value.Dimensions.Length == 3);
        if (scores.Value is null)
        {
            throw Wrong(folder, $"its outputs are {Names(session.OutputMetadata)}, none of them of floats, [batch, frames, vocabulary]");
        }

        if (scores.Value.Dimensions[2] is > 0 and var tokens && tokens != folder.Vocabulary.Count)
        {
            throw Wrong(folder, $"it has {tokens} outputs for a frame, vocab.json {folder.Vocabulary.Count} tokens");
        }

        return new ModelSignature(name, hasMask ? MaskName : null, scores.Key, waveform.Dimensions[0] <= 0);
    }

    public static RecogniserUnavailableException Wrong(CtcModelFolder folder, string why) =>
        new($"The speech model '{folder.ModelFile}' is not of wav2vec2's kind: {why}. docs/models.md says how one is exported.");

    private static string Names(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(static node => $"{node.Key} [{string.Join(',', node.Value.Dimensions)}]"));
}
