namespace Fleet.Cli.Keywords.Training;

/// <summary>The features of one scene or stretch.</summary>
internal sealed record FeatureClip
{
    public required float[] Values { get; init; }

    public required int Steps { get; init; }

    public required ClipKind Kind { get; init; }

    /// <summary>Kept out of training: for calibration and for the report.</summary>
    public required bool IsValidation { get; init; }

    /// <summary>First step with a yes; -1 where there is none.</summary>
    public int FirstPositive { get; init; } = -1;

    public int LastPositive { get; init; } = -1;

    public bool IsPositive(int step) => FirstPositive >= 0 && step >= FirstPositive && step <= LastPositive;

    /// <summary>False near a yes, where neither answer would be wrong.</summary>
    public bool IsNegative(int step)
    {
        const int Before = 3;
        const int After = 8;
        return FirstPositive < 0 || step < FirstPositive - Before || step > LastPositive + After;
    }
}
