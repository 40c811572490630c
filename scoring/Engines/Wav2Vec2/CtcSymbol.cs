namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>One token of a decoded path.</summary>
/// <param name="Token">Its number in the vocabulary.</param>
/// <param name="StartFrame">First frame that stands for it.</param>
/// <param name="EndFrame">Last frame that stands for it.</param>
/// <param name="LogProbability">Natural logarithm of its highest probability in these frames.</param>
internal readonly record struct CtcSymbol(int Token, int StartFrame, int EndFrame, double LogProbability);
