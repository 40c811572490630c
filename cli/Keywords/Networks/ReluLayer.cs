using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>What is negative becomes 0.</summary>
internal sealed class ReluLayer(int size) : Layer(size, size, 0)
{
    public override void Forward(ReadOnlySpan<float> input, Span<float> output, Random? random)
    {
        for (var i = 0; i < input.Length; i++)
        {
            output[i] = Math.Max(input[i], 0);
        }
    }

    public override void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> byOutput, Span<float> byInput, Span<float> gradient)
    {
        for (var i = 0; i < byInput.Length; i++)
        {
            byInput[i] = input[i] > 0 ? byOutput[i] : 0;
        }
    }

    public override string Write(OnnxModelBuilder model, string name, string input)
    {
        model.Node("Relu", [input], [name]);
        return name;
    }
}
