using System.Text.Json.Serialization;

namespace Fleet.Audio.Keywords;

/// <summary>What a keyword model's model.json says; docs/keywords.md has an example of each kind.</summary>
public sealed record KeywordModelDescription
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "model.json";

    /// <summary>The engine: <see cref="EmbeddingKind"/>, <see cref="MfccKind"/> or <see cref="EimKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Heads on Google's speech embedding, also openWakeWord's.</summary>
    public const string EmbeddingKind = "embedding";

    /// <summary>Edge Impulse's MFCC block and an ONNX classifier.</summary>
    public const string MfccKind = "mfcc";

    /// <summary>An Edge Impulse runner for Linux (.eim).</summary>
    public const string EimKind = "eim";

    /// <summary>Goes with each utterance: which model heard the keyword. At most 64 of a-z, A-Z, 0-9, '-', '_', '.'.</summary>
    public required string Id { get; init; }

    /// <summary>What the outputs of the classifier mean, in their order. For eim it may be left out: the runner says it.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Which labels are keywords. Default: the only label there is.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>What the classifier looks at, in milliseconds: embedding: a multiple of 80, default what the head takes; mfcc: default 1000.</summary>
    public int? WindowMs { get; init; }

    /// <summary>From one look to the next, in milliseconds: embedding: always 80; mfcc: default 250; eim: the runner's slice.</summary>
    public int? StrideMs { get; init; }

    /// <summary>Score from which a keyword counts as spoken. 0.01 to 1, default 0.5.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Looks in a row that must be above the threshold. 1 to 100, default 1.</summary>
    public int Patience { get; init; } = 1;

    /// <summary>After a detection, this long no other one of the same keyword, in milliseconds. 0 to 60000, default 2000.</summary>
    public int RefractoryMs { get; init; } = 2_000;

    /// <summary>How long after the end of the keyword the model is sure of it, in milliseconds, on average: -2000 to 2000, default 0.</summary>
    public int DelayMs { get; init; }

    /// <summary>First looks of a stream that do not count: the model has not heard enough. 0 to 1000, default 5 (embedding), a window (eim) or 0.</summary>
    public int? WarmUp { get; init; }

    /// <summary>Makes scores comparable: sigmoid(scale x logit(score) + offset).</summary>
    public ScoreCalibration? Calibration { get; init; }

    /// <summary>mfcc and eim: mean of so many looks. 1 to 100, default 1.</summary>
    public int MovingAverage { get; init; } = 1;

    /// <summary>mfcc and eim: Edge Impulse's performance calibration, instead of threshold, patience, refractory and moving average.</summary>
    public PerformanceCalibration? PerformanceCalibration { get; init; }

    /// <summary>mfcc: parameters of the block.</summary>
    public MfccParameters? Mfcc { get; init; }

    /// <summary>eim: how the runner is used.</summary>
    public EimParameters? Eim { get; init; }

    /// <summary>Keyword phrase that a second recogniser must hear, too; null = the keyword.</summary>
    public string? SecondStagePhrase { get; init; }

    /// <summary>The model's files with their SHA-256: heads (embedding: all are averaged), the classifier (mfcc), the runner (eim).</summary>
    public required IReadOnlyList<KeywordModelFile> Files { get; init; }

    /// <summary>Under which licence it may be used.</summary>
    public required string Licence { get; init; }

    /// <summary>Where it comes from: who trained it on what, and when.</summary>
    public required string Origin { get; init; }

    /// <summary>For people.</summary>
    public string? Notes { get; init; }

    /// <summary>The labels that are keywords.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> KeywordLabels => Keywords.Count > 0 ? Keywords : Labels;
}
