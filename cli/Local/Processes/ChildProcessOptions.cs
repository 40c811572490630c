namespace Fleet.Cli.Local.Processes;

/// <summary>What to start and as whom.</summary>
public sealed record ChildProcessOptions
{
    /// <summary>Program: a path, or a name on PATH.</summary>
    public required string FileName { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to our own environment; null takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Default: our own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The account to run as; only root may give one.</summary>
    public UnixUser? User { get; init; }

    /// <summary>Called for each line of output and of errors, from one thread at a time per stream.</summary>
    public Action<OutputLine>? OnLine { get; init; }
}
