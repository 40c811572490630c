using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>A convolution over time without padding: the same weighted sums for each stretch of a few steps. Numbers lie step by step.</summary>
internal sealed class ConvolutionLayer(int steps, int channels, int filters, int width)
    : Layer(steps * channels, (steps - width + 1) * filters, ((width * channels) + 1) * filters)
{
    private readonly int _stretch = width * channels;

    public int OutputSteps => steps - width + 1;

    private int BiasAt => _stretch * filters;

    public override void Initialise(Random random) => Weights.Initialise(Parameters.AsSpan(0, BiasAt), _stretch, random);

    public override void Forward(ReadOnlySpan<float> input, Span<float> output, Random? random)
    {
        for (var step = 0; step < OutputSteps; step++)
        {
            var stretch = input.Slice(step * channels, _stretch);
            for (var filter = 0; filter < filters; filter++)
            {
                output[(step * filters) + filter] = Vectors.Dot(Parameters.AsSpan(filter * _stretch, _stretch), stretch) + Parameters[BiasAt + filter];
            }
        }
    }

    public override void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> byOutput, Span<float> byInput, Span<float> gradient)
    {
        byInput.Clear();
        for (var step = 0; step < OutputSteps; step++)
        {
            for (var filter = 0; filter < filters; filter++)
            {
                var by = byOutput[(step * filters) + filter];
                if (by == 0)
                {
                    continue;
                }

                Vectors.AddScaled(gradient.Slice(filter * _stretch, _stretch), input.Slice(step * channels, _stretch), by);
                gradient[BiasAt + filter] += by;
                if (!byInput.IsEmpty)
                {
                    Vectors.AddScaled(byInput.Slice(step * channels, _stretch), Parameters.AsSpan(filter * _stretch, _stretch), by);
                }
            }
        }
    }

    public override string Write(OnnxModelBuilder model, string name, string input)
    {
        // ONNX has channels before steps.
        var weights = new float[BiasAt];
        for (var filter = 0; filter < filters; filter++)
        {
            for (var step = 0; step < width; step++)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    weights[(((filter * channels) + channel) * width) + step] = Parameters[(((filter * width) + step) * channels) + channel];
                }
            }
        }

        model.Constant($"{name}_weights", weights, filters, channels, width).Constant($"{name}_bias", Parameters.AsSpan(BiasAt), filters);
        var byChannel = TimeAxis.Open(model, name, input, steps, channels);
        model.Node("Conv", [byChannel, $"{name}_weights", $"{name}_bias"], [$"{name}_conv"]);
        return TimeAxis.Close(model, name, $"{name}_conv", OutputSteps * filters);
    }
}
