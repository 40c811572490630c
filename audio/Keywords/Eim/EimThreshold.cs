using System.Text.Json.Serialization;

namespace Fleet.Audio.Keywords;

/// <summary>A threshold of one block of an Edge Impulse runner; its answer to hello lists the blocks that have one.</summary>
public sealed record EimThreshold
{
    /// <summary>Of the block.</summary>
    [JsonPropertyName("id")]
    public required int Id { get; init; }

    /// <summary>Of a block that finds things.</summary>
    [JsonPropertyName("min_score")]
    public double? MinScore { get; init; }

    /// <summary>Of a block that finds what is unlike everything it learned.</summary>
    [JsonPropertyName("min_anomaly_score")]
    public double? MinAnomalyScore { get; init; }
}
