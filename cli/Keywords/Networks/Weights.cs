namespace Fleet.Cli.Keywords.Networks;

/// <summary>Random weights to begin with.</summary>
internal static class Weights
{
    /// <summary>He's rule: outputs that are as large as inputs, when half of them are cut off by a rectifier.</summary>
    /// <param name="weights">Get the values.</param>
    /// <param name="inputs">Inputs of one output.</param>
    /// <param name="random">Where they come from.</param>
    public static void Initialise(Span<float> weights, int inputs, Random random)
    {
        var deviation = Math.Sqrt(2.0 / inputs);
        foreach (ref var weight in weights)
        {
            weight = (float)(deviation * Gaussian(random));
        }
    }

    /// <summary>A number of the normal distribution.</summary>
    public static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
