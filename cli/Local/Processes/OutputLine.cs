namespace Fleet.Cli.Local.Processes;

/// <summary>A line that a child process wrote.</summary>
public readonly record struct OutputLine(string Text, bool IsError);
