namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>One line of a table of clips.</summary>
/// <param name="File">Full path.</param>
/// <param name="Kind">Who speaks, or what it is.</param>
/// <param name="Start">Where the keyword begins; null when the table does not say.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Context">Such as isolated or in flow.</param>
internal sealed record ClipRow(string File, string Kind, TimeSpan? Start, TimeSpan? End, string Context);
