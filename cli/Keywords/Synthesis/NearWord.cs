namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>A word or phrase that sounds like the keyword and is not.</summary>
/// <param name="Text">In small letters.</param>
/// <param name="Distance">By <see cref="PhoneDistance"/>.</param>
internal sealed record NearWord(string Text, double Distance);
