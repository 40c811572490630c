namespace Fleet.Cli.Keywords.Networks;

/// <summary>The numbers between the layers of a network, for one thread.</summary>
internal sealed class Workspace(Network network)
{
    public float[][] Values { get; } = [.. network.Layers.Select(layer => new float[layer.Outputs])];

    public float[][] ByValues { get; } = [.. network.Layers.Select(layer => new float[layer.Outputs])];

    public float[][] Gradients { get; } = [.. network.Layers.Select(layer => new float[layer.Parameters.Length])];

    public void ClearGradients()
    {
        foreach (var gradient in Gradients)
        {
            Array.Clear(gradient);
        }
    }
}
