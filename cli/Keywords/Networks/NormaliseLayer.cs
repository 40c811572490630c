using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>Brings each number to mean 0 and deviation 1 by what the training material had. Learns nothing further.</summary>
internal sealed class NormaliseLayer : Layer
{
    private readonly float[] _offset;
    private readonly float[] _scale;

    /// <param name="mean">Of each channel; the layer's input is whole steps of them.</param>
    /// <param name="scale">1 / deviation of each channel.</param>
    /// <param name="steps">How many steps.</param>
    public NormaliseLayer(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, int steps)
        : base(mean.Length * steps, mean.Length * steps, 0)
    {
        (_offset, _scale) = (new float[Inputs], new float[Inputs]);
        for (var i = 0; i < Inputs; i++)
        {
            (_offset[i], _scale[i]) = (mean[i % mean.Length], scale[i % mean.Length]);
        }
    }

    public override void Forward(ReadOnlySpan<float> input, Span<float> output, Random? random)
    {
        for (var i = 0; i < output.Length; i++)
        {
            output[i] = (input[i] - _offset[i]) * _scale[i];
        }
    }

    public override void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> byOutput, Span<float> byInput, Span<float> gradient)
    {
        for (var i = 0; i < byInput.Length; i++)
        {
            byInput[i] = byOutput[i] * _scale[i];
        }
    }

    public override string Write(OnnxModelBuilder model, string name, string input)
    {
        model.Constant($"{name}_offset", _offset, Inputs)
            .Constant($"{name}_scale", _scale, Inputs)
            .Node("Sub", [input, $"{name}_offset"], [$"{name}_centred"])
            .Node("Mul", [$"{name}_centred", $"{name}_scale"], [name]);
        return name;
    }
}
