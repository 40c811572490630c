using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>While the network learns, some of the inputs are 0, others in each pass: it cannot rely on one. Belongs behind a <see cref="ReluLayer"/>.</summary>
internal sealed class DropoutLayer(int size, double share) : Layer(size, size, 0)
{
    private readonly float _scale = (float)(1 / (1 - share));

    public override void Forward(ReadOnlySpan<float> input, Span<float> output, Random? random)
    {
        for (var i = 0; i < input.Length; i++)
        {
            output[i] = random is null ? input[i] : random.NextDouble() < share ? 0 : input[i] * _scale;
        }
    }

    // What was dropped is known by its 0; an input that was 0 itself has no gradient behind the rectifier anyway.
    public override void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> byOutput, Span<float> byInput, Span<float> gradient)
    {
        for (var i = 0; i < byInput.Length; i++)
        {
            byInput[i] = output[i] != 0 ? byOutput[i] * _scale : 0;
        }
    }

    public override string Write(OnnxModelBuilder model, string name, string input) => input;
}
