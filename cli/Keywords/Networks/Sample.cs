namespace Fleet.Cli.Keywords.Networks;

/// <summary>One thing to learn from.</summary>
/// <param name="Values">Holds the inputs.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Label">Of a network with one output: 1 yes, 0 no; of one with more: which output.</param>
internal readonly record struct Sample(float[] Values, int Offset, int Label);
