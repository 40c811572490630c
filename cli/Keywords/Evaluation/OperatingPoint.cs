namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>What a model does at one threshold.</summary>
/// <param name="Threshold">Lowest score that counts.</param>
/// <param name="FalseAccepts">Events in recordings without the keyword.</param>
/// <param name="Misses">Keywords that were not heard.</param>
internal sealed record OperatingPoint(double Threshold, int FalseAccepts, int Misses);
