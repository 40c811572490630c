namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>A text for a voice to say, and the file for it.</summary>
/// <param name="Text">As the engine gets it.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Voice">Who says it.</param>
/// <param name="Rate">1 = the voice's own speed, 1.2 = faster by a fifth.</param>
/// <param name="Pitch">-1 (low) to 1 (high), for engines that can.</param>
/// <param name="File">Without extension, below the output folder.</param>
internal sealed record SpokenText(string Text, TextKind Kind, Voice Voice, double Rate, double Pitch, string File);
