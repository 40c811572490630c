namespace Fleet.Cli.Keywords.Training;

/// <summary>One window: the steps of a clip up to this one.</summary>
/// <param name="Clip">Number of the clip.</param>
/// <param name="Step">The last step.</param>
internal readonly record struct Window(int Clip, int Step);
