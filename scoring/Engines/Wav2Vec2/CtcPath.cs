namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>One way to read the frames.</summary>
/// <param name="Symbols">Repetitions and blanks taken out.</param>
/// <param name="LogProbability">Natural logarithm of how probable it is.</param>
internal sealed record CtcPath(IReadOnlyList<CtcSymbol> Symbols, double LogProbability);
