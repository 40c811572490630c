namespace Fleet.Audio.Keywords;

/// <summary>Takes one embedding.</summary>
/// <param name="endSample">Index of the sample after the last one that it is about, counted from the first sample ever pushed.</param>
/// <param name="embedding">Its 96 numbers, valid during the call.</param>
public delegate void EmbeddingHandler(long endSample, ReadOnlySpan<float> embedding);
