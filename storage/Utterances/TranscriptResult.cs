using Fleet.V1;

namespace Fleet.Storage;

/// <summary>What the recogniser made of an utterance; written only if owner and attempt are still the row's.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="OwnerEpoch">Epoch of the silo that has the job.</param>
/// <param name="Attempt">From <see cref="StoreResult"/> or <see cref="ClaimedUtterance"/>.</param>
/// <param name="Status">Transcribed, Empty, Failed or Lost.</param>
/// <param name="Text">The transcript; at most <see cref="UtteranceStore.MaxTextLength"/> UTF-16 units are kept.</param>
/// <param name="Confidence">0 to 1, when the engine gives one.</param>
/// <param name="Reason">With Failed and Lost: why.</param>
/// <param name="Engine">Such as "pocketsphinx".</param>
/// <param name="Model">The engine's model.</param>
/// <param name="Deployment">The endpoint's deployment.</param>
/// <param name="RequestId">Id of the request, to find it in the endpoint's log.</param>
/// <param name="Details">How it came to be, and what else the engine heard.</param>
public sealed record TranscriptResult(
    UtteranceKey Key,
    long OwnerEpoch,
    int Attempt,
    UtteranceStatus Status,
    string? Text = null,
    float? Confidence = null,
    string? Reason = null,
    string? Engine = null,
    string? Model = null,
    string? Deployment = null,
    string? RequestId = null,
    TranscriptDetails? Details = null);
