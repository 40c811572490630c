namespace Fleet.Storage;

/// <summary>A piece of a text.</summary>
/// <param name="Text">Plain text, to be escaped by whoever renders it.</param>
/// <param name="IsMatch">The query matched it.</param>
public readonly record struct TextSegment(string Text, bool IsMatch);
