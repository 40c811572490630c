using System.ComponentModel.DataAnnotations;

namespace Fleet.DeviceAgent.Keywords;

/// <summary>Which keywords the agent listens for, and what becomes of them.</summary>
internal sealed record KeywordOptions
{
    /// <summary>Folders of keyword models.</summary>
    public required IReadOnlyList<string> ModelFolders { get; init; }

    /// <summary>Score from which a keyword counts; null = as each model says. 0.01 to 1.</summary>
    [Range(0.01, 1)]
    public double? Threshold { get; init; }

    /// <summary>The keyword belongs to the utterance, too.</summary>
    public bool IncludeKeyword { get; init; }

    /// <summary>How long after the keyword one may think. 0.5 to 30 seconds, default 4 seconds.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>PocketSphinx must agree, where it is installed.</summary>
    public bool SecondStage { get; init; }

    /// <summary>Steps of 80 ms that are looked at together. 1 to 8, default 2.</summary>
    public int StepsPerCall { get; init; } = 2;

    /// <summary>While no model can be used: speech starts utterances. Default: nothing does.</summary>
    public bool FallBackToSpeech { get; init; }

    /// <summary>How many near misses are kept on the device; 0 = none.</summary>
    public int NearMisses { get; init; }
}
