namespace Fleet.Cli.Keywords.Training;

/// <summary>What <c>keyword train</c> is to do.</summary>
internal sealed record TrainOptions
{
    public required string Word { get; init; }

    public required IReadOnlyList<string> Positives { get; init; }

    public required IReadOnlyList<string> Negatives { get; init; }

    public required string Out { get; init; }

    /// <summary>Where features are kept between runs.</summary>
    public required string Cache { get; init; }

    /// <summary>embedding or mfcc.</summary>
    public string Features { get; init; } = "embedding";

    /// <summary>Networks whose answers are averaged.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Changed copies of each clip of the keyword; other clips get half as many.</summary>
    public int Passes { get; init; } = 4;

    /// <summary>Times that what a head confuses is looked for and trained again.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Batches of one round.</summary>
    public int Steps { get; init; } = 1_200;

    /// <summary>Percent of the files that are kept out of training.</summary>
    public int ValidationPercent { get; init; } = 12;

    /// <summary>False accepts an hour at a score of 0.85.</summary>
    public double FalseAcceptsPerHour { get; init; } = 0.5;

    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Written into model.json.</summary>
    public string Licence { get; init; } = "not stated";
}
