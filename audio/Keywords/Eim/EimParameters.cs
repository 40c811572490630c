using System.Text.Json.Serialization;

namespace Fleet.Audio.Keywords;

/// <summary>How an Edge Impulse runner for Linux is used.</summary>
public sealed record EimParameters
{
    /// <summary>How long the runner may take until it answers its first message, in milliseconds. 100 to 60000, default 10000.</summary>
    [JsonPropertyName("start_timeout_ms")]
    public int StartTimeoutMs { get; init; } = 10_000;

    /// <summary>How long it may take for each look, in milliseconds; then it is started again. 50 to 10000, default 2000.</summary>
    [JsonPropertyName("reply_timeout_ms")]
    public int ReplyTimeoutMs { get; init; } = 2_000;

    /// <summary>
    /// True: it is given the sound slice by slice (classify_continuous); false: a whole window at each stride (classify). Default: as the runner says.
    /// </summary>
    [JsonPropertyName("continuous")]
    public bool? Continuous { get; init; }

    /// <summary>Thresholds of the runner's own blocks, sent to it when it has started (set_threshold). At most 16.</summary>
    [JsonPropertyName("thresholds")]
    public IReadOnlyList<EimThreshold> Thresholds { get; init; } = [];
}
