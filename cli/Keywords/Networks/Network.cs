using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>Layers one after another. Shared by threads, each with its own <see cref="Workspace"/>.</summary>
internal sealed class Network(IReadOnlyList<Layer> layers)
{
    public IReadOnlyList<Layer> Layers { get; } = layers;

    public int Inputs => Layers[0].Inputs;

    public int Outputs => Layers[^1].Outputs;

    public int ParameterCount => Layers.Sum(layer => layer.Parameters.Length);

    public void Initialise(Random random)
    {
        foreach (var layer in Layers)
        {
            layer.Initialise(random);
        }
    }

    /// <returns>The last layer's numbers, in <paramref name="workspace"/>, until it is used again.</returns>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> input, Workspace workspace, Random? random = null)
    {
        for (var i = 0; i < Layers.Count; i++)
        {
            Layers[i].Forward(i == 0 ? input : workspace.Values[i - 1], workspace.Values[i], random);
        }

        return workspace.Values[^1];
    }

    /// <summary>After <see cref="Forward"/> of the same input: adds to the gradients of the workspace.</summary>
    public void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> byOutput, Workspace workspace)
    {
        var by = byOutput;
        for (var i = Layers.Count - 1; i >= 0; i--)
        {
            // Below the first layer that learns nobody needs a gradient.
            var byInput = i > 0 && Layers.Take(i).Any(layer => layer.Parameters.Length > 0) ? workspace.ByValues[i - 1].AsSpan() : [];
            Layers[i].Backward(i == 0 ? input : workspace.Values[i - 1], workspace.Values[i], by, byInput, workspace.Gradients[i]);
            if (byInput.IsEmpty)
            {
                break;
            }

            by = byInput;
        }
    }

    /// <summary>Adds the layers to a model.</summary>
    /// <returns>Name of the tensor [batch, Outputs].</returns>
    public string Write(OnnxModelBuilder model, string name, string input)
    {
        var current = input;
        for (var i = 0; i < Layers.Count; i++)
        {
            current = Layers[i].Write(model, $"{name}_{i}", current);
        }

        return current;
    }
}
