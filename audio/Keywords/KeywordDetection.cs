namespace Fleet.Audio.Keywords;

/// <summary>A keyword that was spoken, or nearly.</summary>
/// <param name="Keyword">The keyword.</param>
/// <param name="Score">The highest score it got, 0 to 1.</param>
/// <param name="EndSample">About where the keyword ends: index of a sample, counted from the first one ever pushed.</param>
/// <param name="NoticedAt">Index of the sample after the last one that the model looked at when it was sure.</param>
/// <param name="ModelId">Which model heard it.</param>
public sealed record KeywordDetection(string Keyword, float Score, long EndSample, long NoticedAt, string ModelId);
