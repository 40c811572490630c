namespace Fleet.Contracts.Transcripts;

/// <summary>One step from an old text to a new one.</summary>
/// <param name="Kind">What became of the word.</param>
/// <param name="Old">The word of the old text; empty with Inserted.</param>
/// <param name="New">The word of the new text; empty with Deleted.</param>
public sealed record WordEdit(WordEditKind Kind, string Old, string New);
