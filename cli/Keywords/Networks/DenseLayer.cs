using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>Each output is a weighted sum of all inputs.</summary>
internal sealed class DenseLayer(int inputs, int outputs) : Layer(inputs, outputs, (inputs + 1) * outputs)
{
    private int BiasAt => Inputs * Outputs;

    public override void Initialise(Random random) => Weights.Initialise(Parameters.AsSpan(0, BiasAt), Inputs, random);

    public override void Forward(ReadOnlySpan<float> input, Span<float> output, Random? random)
    {
        for (var i = 0; i < Outputs; i++)
        {
            output[i] = Vectors.Dot(Parameters.AsSpan(i * Inputs, Inputs), input) + Parameters[BiasAt + i];
        }
    }

    public override void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> byOutput, Span<float> byInput, Span<float> gradient)
    {
        byInput.Clear();
        for (var i = 0; i < Outputs; i++)
        {
            if (byOutput[i] == 0)
            {
                continue;
            }

            Vectors.AddScaled(gradient.Slice(i * Inputs, Inputs), input, byOutput[i]);
            gradient[BiasAt + i] += byOutput[i];
            if (!byInput.IsEmpty)
            {
                Vectors.AddScaled(byInput, Parameters.AsSpan(i * Inputs, Inputs), byOutput[i]);
            }
        }
    }

    public override string Write(OnnxModelBuilder model, string name, string input)
    {
        model.Constant($"{name}_weights", Parameters.AsSpan(0, BiasAt), Outputs, Inputs)
            .Constant($"{name}_bias", Parameters.AsSpan(BiasAt), Outputs)
            .Node("Gemm", [input, $"{name}_weights", $"{name}_bias"], [name], OnnxSetting.Of("transB", 1));
        return name;
    }
}
