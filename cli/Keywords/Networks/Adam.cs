namespace Fleet.Cli.Keywords.Networks;

/// <summary>Adam with decoupled weight decay: turns gradients into steps of the parameters.</summary>
internal sealed class Adam(Network network, double weightDecay)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly float[][] _means = [.. network.Layers.Select(layer => new float[layer.Parameters.Length])];
    private readonly float[][] _squares = [.. network.Layers.Select(layer => new float[layer.Parameters.Length])];
    private int _steps;

    public void Step(float[][] gradients, double learningRate)
    {
        _steps++;
        var rate = (float)(learningRate * Math.Sqrt(1 - Math.Pow(Beta2, _steps)) / (1 - Math.Pow(Beta1, _steps)));
        var decay = (float)(learningRate * weightDecay);
        for (var layer = 0; layer < gradients.Length; layer++)
        {
            var (parameters, gradient, mean, square) = (network.Layers[layer].Parameters, gradients[layer], _means[layer], _squares[layer]);
            for (var i = 0; i < parameters.Length; i++)
            {
                mean[i] = (Beta1 * mean[i]) + ((1 - Beta1) * gradient[i]);
                square[i] = (Beta2 * square[i]) + ((1 - Beta2) * gradient[i] * gradient[i]);
                parameters[i] -= (rate * mean[i] / (MathF.Sqrt(square[i]) + Epsilon)) + (decay * parameters[i]);
            }
        }
    }
}
