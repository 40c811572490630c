using System.Text.Json;
using Fleet.Audio.Onnx;
using Elements = Fleet.Audio.Onnx.TensorProto.Types.DataType;

namespace Fleet.Testing.Speech;

/// <summary>
/// A CTC model with wav2vec2's interface that hears <see cref="ToneSpeech"/>. A filter for each tone measures its energy in a frame; silence wins below
/// half of what a tone has after normalisation, so audio that is not normalised, or not by itself, gives other texts.
/// </summary>
public sealed class ToneModel
{
    private const int DirectCurrentToken = 31; // "Z": what an offset sounds like that nobody took out
    private const float Gain = 20;

    /// <summary>Ids of samples and padding are asked for.</summary>
    public bool HasAttentionMask { get; init; }

    /// <summary>Each filter is normalised over all frames, padding included, as the first layer of wav2vec2-base does.</summary>
    public bool NormalisesOverFrames { get; init; }

    /// <summary>Further filters that change nothing but the time: each takes about as long as all of the others.</summary>
    public int UselessLayers { get; init; }

    /// <summary>The files beside the model; null leaves one out.</summary>
    public object? Config { get; init; } = new { conv_kernel = new[] { ToneSpeech.FrameSamples }, conv_stride = new[] { ToneSpeech.FrameSamples } };

    public object? Preprocessor { get; init; } = new { do_normalize = true, sampling_rate = ToneSpeech.SampleRateHz, return_attention_mask = false };

    public object? Tokenizer { get; init; }

    /// <summary>Writes the folder of the model.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), ToBytes());
        WriteJson(folder, "vocab.json", ToneSpeech.Tokens.Select((token, i) => (token, i)).ToDictionary(entry => entry.token, entry => entry.i));
        WriteJson(folder, "config.json", Config);
        WriteJson(folder, "preprocessor_config.json", Preprocessor);
        WriteJson(folder, "tokenizer_config.json", Tokenizer);
    }

    public byte[] ToBytes()
    {
        var tokens = ToneSpeech.Tokens.Count;
        var model = new OnnxModelBuilder("tones")
            .Input("input_values", Elements.Float, "batch", "samples")
            .Output("logits", Elements.Float, "batch", "frames", tokens)
            .Constant("channel", [1L], 1)
            .Constant("filters", Filters(tokens), 2 * tokens, 1, ToneSpeech.FrameSamples)
            .Constant("pairs", Pairs(tokens), tokens, 2 * tokens, 1)
            .Constant("bias", Bias(tokens), tokens)
            .Node("Unsqueeze", ["input_values", "channel"], ["wave_0"]);
        for (var i = 0; i < UselessLayers; i++)
        {
            model.Constant($"same_{i}", Same(), 1, 1, 63)
                .Node("Conv", [$"wave_{i}", $"same_{i}"], [$"wave_{i + 1}"], OnnxSetting.Ints("pads", 31, 31));
        }

        model.Node("Conv", [$"wave_{UselessLayers}", "filters"], ["parts"], OnnxSetting.Ints("strides", ToneSpeech.FrameSamples))
            .Node("Mul", ["parts", "parts"], ["energies"])
            .Node("Conv", ["energies", "pairs", "bias"], ["scores_0"]);
        var scores = "scores_0";
        if (NormalisesOverFrames)
        {
            model.Constant("ones", Enumerable.Repeat(Gain, tokens).ToArray(), tokens)
                .Node("InstanceNormalization", [scores, "ones", "bias"], ["scores_1"]);
            scores = "scores_1";
        }

        model.Node("Transpose", [scores], [HasAttentionMask ? "unmasked" : "logits"], OnnxSetting.Ints("perm", 0, 2, 1));
        if (HasAttentionMask)
        {
            // Says Q wherever it is told of padding.
            model.Input("attention_mask", Elements.Int64, "batch", "samples")
                .Constant("q", Enumerable.Range(0, tokens).Select(token => token == ToneSpeech.TokenOf('Q') ? 10_000f : 0f).ToArray(), 1, 1, tokens)
                .Constant("one", [1f], 1)
                .Constant("last", [2L], 1)
                .Node("Cast", ["attention_mask"], ["mask"], OnnxSetting.Of("to", (long)Elements.Float))
                .Node("ReduceMean", ["mask"], ["share"], OnnxSetting.Ints("axes", 1), OnnxSetting.Of("keepdims", 1))
                .Node("Sub", ["one", "share"], ["padding"])
                .Node("Unsqueeze", ["padding", "last"], ["padding_3"])
                .Node("Mul", ["padding_3", "q"], ["padding_q"])
                .Node("Add", ["unmasked", "padding_q"], ["logits"]);
        }

        return model.ToBytes();
    }

    /// <summary>wav2vec2's seven convolutions with nothing in them, for their lengths: [batch, samples] to [batch, 1, frames].</summary>
    public static byte[] Lengths(IReadOnlyList<int> kernels, IReadOnlyList<int> strides)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentNullException.ThrowIfNull(strides);
        var model = new OnnxModelBuilder("lengths")
            .Input("input_values", Elements.Float, "batch", "samples")
            .Output($"layer_{kernels.Count}", Elements.Float, "batch", 1, "frames")
            .Constant("channel", [1L], 1)
            .Node("Unsqueeze", ["input_values", "channel"], ["layer_0"]);
        for (var i = 0; i < kernels.Count; i++)
        {
            model.Constant($"w_{i}", new float[kernels[i]], 1, 1, kernels[i])
                .Node("Conv", [$"layer_{i}", $"w_{i}"], [$"layer_{i + 1}"], OnnxSetting.Ints("strides", strides[i]));
        }

        return model.ToBytes();
    }

    private static void WriteJson(string folder, string name, object? content)
    {
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(content));
        }
    }

    // Sine and cosine of each tone: the sum of their squares is the square of its amplitude, wherever in the frame it begins.
    private static float[] Filters(int tokens)
    {
        var filters = new float[2 * tokens * ToneSpeech.FrameSamples];
        for (var token = 1; token < tokens; token++)
        {
            for (var i = 0; i < ToneSpeech.FrameSamples; i++)
            {
                var angle = 2 * Math.PI * ToneSpeech.Cycles(token) * i / ToneSpeech.FrameSamples;
                var scale = token == DirectCurrentToken ? 1.0 / ToneSpeech.FrameSamples : 2.0 / ToneSpeech.FrameSamples;
                filters[(2 * token * ToneSpeech.FrameSamples) + i] = (float)(scale * (token == DirectCurrentToken ? 1 : Math.Sin(angle)));
                filters[(((2 * token) + 1) * ToneSpeech.FrameSamples) + i] = (float)(scale * (token == DirectCurrentToken ? 1 : Math.Cos(angle)));
            }
        }

        return filters;
    }

    private static float[] Pairs(int tokens)
    {
        var pairs = new float[tokens * 2 * tokens];
        for (var token = 0; token < tokens; token++)
        {
            pairs[(token * 2 * tokens) + (2 * token)] = pairs[(token * 2 * tokens) + (2 * token) + 1] = Gain;
        }

        return pairs;
    }

    private static float[] Bias(int tokens)
    {
        var bias = new float[tokens];
        bias[0] = Gain / 2;
        return bias;
    }

    private static float[] Same()
    {
        var filter = new float[63];
        filter[31] = 1;
        return filter;
    }
}
