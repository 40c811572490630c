using Fleet.V1;

namespace Fleet.Storage;

/// <summary>An utterance that a device sent and that is to be stored.</summary>
/// <param name="DeviceId">The device; it has opened a session.</param>
/// <param name="UtteranceId">UUID version 7 made by the device.</param>
/// <param name="SessionEpoch">Epoch of the session that sent it; an older one than the device's newest is fenced off.</param>
/// <param name="SequenceNumber">The install's number of this utterance, from 1.</param>
/// <param name="StartedAt">When its first sample was recorded.</param>
/// <param name="Duration">Length of the audio.</param>
/// <param name="Trigger">What made the agent record.</param>
/// <param name="Keyword">With <see cref="Trigger.Keyword"/>: the keyword.</param>
/// <param name="KeywordScore">With <see cref="Trigger.Keyword"/>: its score, 0 to 1.</param>
/// <param name="KeywordModelId">With <see cref="Trigger.Keyword"/>: the spotter's model.</param>
/// <param name="Source">Where the sound came from.</param>
/// <param name="EndReason">What ended it.</param>
/// <param name="Pcm">Signed 16-bit samples, little endian, mono. Not copied: the caller leaves it alone until the call is over.</param>
public sealed record NewUtterance(
    string DeviceId,
    Guid UtteranceId,
    long SessionEpoch,
    long SequenceNumber,
    DateTimeOffset StartedAt,
    TimeSpan Duration,
    Trigger Trigger,
    string? Keyword,
    float? KeywordScore,
    string? KeywordModelId,
    string? Source,
    UtteranceEnd.Types.Reason EndReason,
    ReadOnlyMemory<byte> Pcm)
{
    /// <summary>Samples a second of <see cref="Pcm"/>.</summary>
    public int SampleRateHz { get; init; } = 16_000;

    /// <summary>What is before this is stored and not transcribed: the end of the keyword.</summary>
    public TimeSpan TranscribeFrom { get; init; }

    /// <summary>Which clock said <see cref="StartedAt"/>.</summary>
    public Clock Clock { get; init; }

    /// <summary>The caller has no room to transcribe it now: it is stored without an owner, for the next look for such rows. No second write then.</summary>
    public bool IsUnowned { get; init; }

    /// <summary>The primary key.</summary>
    public UtteranceKey Key => new(DeviceId, UtteranceId);
}
