namespace Fleet.Storage;

/// <summary>What was said within one minute.</summary>
/// <param name="Minute">Its first instant.</param>
/// <param name="Utterances">All that began in it.</param>
/// <param name="Transcribed">Those of them that have a text.</param>
/// <param name="Failed">Those of them that are failed or lost.</param>
public readonly record struct MinuteCount(DateTimeOffset Minute, long Utterances, long Transcribed, long Failed);
