using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>Of each few steps the largest number of each channel; a rest of steps is left out.</summary>
internal sealed class PoolLayer(int steps, int channels, int width) : Layer(steps * channels, steps / width * channels, 0)
{
    public int OutputSteps => steps / width;

    public override void Forward(ReadOnlySpan<float> input, Span<float> output, Random? random)
    {
        for (var i = 0; i < output.Length; i++)
        {
            output[i] = input[Largest(input, i)];
        }
    }

    public override void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> byOutput, Span<float> byInput, Span<float> gradient)
    {
        if (byInput.IsEmpty)
        {
            return;
        }

        byInput.Clear();
        for (var i = 0; i < output.Length; i++)
        {
            byInput[Largest(input, i)] += byOutput[i];
        }
    }

    public override string Write(OnnxModelBuilder model, string name, string input)
    {
        var byChannel = TimeAxis.Open(model, name, input, steps, channels);
        model.Node("MaxPool", [byChannel], [$"{name}_pool"], OnnxSetting.Ints("kernel_shape", width), OnnxSetting.Ints("strides", width));
        return TimeAxis.Close(model, name, $"{name}_pool", Outputs);
    }

    private int Largest(ReadOnlySpan<float> input, int output)
    {
        var (step, channel) = Math.DivRem(output, channels);
        var best = (step * width * channels) + channel;
        for (var i = 1; i < width; i++)
        {
            var other = (((step * width) + i) * channels) + channel;
            if (input[other] > input[best])
            {
                best = other;
            }
        }

        return best;
    }
}
