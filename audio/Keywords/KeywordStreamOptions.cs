using System.ComponentModel.DataAnnotations;

namespace Fleet.Audio.Keywords;

/// <summary>How one stream uses a model; what is null is as the model's own model.json says.</summary>
public sealed class KeywordStreamOptions
{
    /// <summary>Score from which a keyword counts as spoken. 0.01 to 1, default the model's.</summary>
    [Range(0.01, 1)]
    public double? Threshold { get; set; }

    /// <summary>Score from which it counts as nearly spoken, as a share of the threshold. 0.1 to 1, default 0.5.</summary>
    [Range(0.1, 1)]
    public double NearMissShare { get; set; } = 0.5;

    /// <summary>Steps of 80 ms that an embedding model looks at together. 1 to 64, default 2: 80 ms later at most, for two thirds of the work.</summary>
    [Range(1, SpeechEmbedding.MaxStepsPerCall)]
    public int StepsPerCall { get; set; } = 2;
}
