using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Fleet.Scoring.Configuration;

/// <summary>Settings of the scoring server, section Fleet:ScoringServer.</summary>
public sealed class ScoringServerOptions : IValidatableObject
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Fleet:ScoringServer";

    private const string OutOfRange = "Fleet__ScoringServer__{0} must be from {1} to {2}.";

    /// <summary>Address and port; port 0 takes a free one. Default 127.0.0.1:5001, as Azure ML's own inference server.</summary>
    [Required(ErrorMessage = "Set Fleet__ScoringServer__{0}.")]
    public string Listen { get; set; } = "127.0.0.1:5001";

    /// <summary>File with the key that callers send as `Authorization: Bearer`; made with mode 600 when missing. Required, but for TrustPlatformKeys.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>
    /// True: no key is asked for, since nothing but a platform that checks keys itself, such as an Azure ML endpoint, can reach the port. Default false.
    /// </summary>
    public bool TrustPlatformKeys { get; set; }

    /// <summary>What recognises speech: `pocketsphinx` (default) or `wav2vec2`.</summary>
    [Required(ErrorMessage = "Set Fleet__ScoringServer__{0}.")]
    public string Engine { get; set; } = EngineNames.PocketSphinx;

    /// <summary>
    /// Folder of the engine's model. By default for pocketsphinx where Debian's package pocketsphinx-en-us puts it, for wav2vec2 where Azure ML mounts
    /// a deployment's model (AZUREML_MODEL_DIR).
    /// </summary>
    public string? ModelFolder { get; set; }

    /// <summary>
    /// Recordings, or for wav2vec2 batches, that are worked on at a time, each on its own thread; a decoder of pocketsphinx takes about 100 MB.
    /// 1 to 256, default the number of cores.
    /// </summary>
    [Range(1, 256, ErrorMessage = OutOfRange)]
    public int Workers { get; set; } = Environment.ProcessorCount;

    /// <summary>wav2vec2: threads that compute one batch. More make one answer faster, and all of them together slower. 1 to 256, default 1.</summary>
    [Range(1, 256, ErrorMessage = OutOfRange)]
    public int Threads { get; set; } = 1;

    /// <summary>wav2vec2: most recordings in one batch. 1 to 64, default 8.</summary>
    [Range(1, 64, ErrorMessage = OutOfRange)]
    public int MaxBatch { get; set; } = 8;

    /// <summary>wav2vec2: most seconds of audio in one batch of more than one recording. 1 to 600, default 30.</summary>
    [Range(1, 600, ErrorMessage = OutOfRange)]
    public int MaxBatchSeconds { get; set; } = 30;

    /// <summary>
    /// wav2vec2: recordings are padded with silence to a multiple of so many milliseconds, and those of one length share batches. 0 to 10,000 (0: no padding,
    /// only equally long ones share), default 200.
    /// </summary>
    [Range(0, 10_000, ErrorMessage = OutOfRange)]
    public int BucketMilliseconds { get; set; } = 200;

    /// <summary>wav2vec2: readings that are followed at a time. 1 to 100, default 1: the best letter of each frame, without alternatives.</summary>
    [Range(1, 100, ErrorMessage = OutOfRange)]
    public int BeamWidth { get; set; } = 1;

    /// <summary>wav2vec2, for models that have such an input: whether they are told what is padding. Default: as the model's preprocessor_config.json says.</summary>
    public bool? AttentionMask { get; set; }

    /// <summary>Other texts that come with an answer to `inputs`: 0 to 10 texts, default 3. wav2vec2 has them with a BeamWidth above 1.</summary>
    [Range(0, 10, ErrorMessage = OutOfRange)]
    public int Alternatives { get; set; } = 3;

    /// <summary>Requests that may wait while all decoders work; one more is refused with 429. 0 to 10,000, default 64.</summary>
    [Range(0, 10_000, ErrorMessage = OutOfRange)]
    public int QueueLength { get; set; } = 64;

    /// <summary>Largest request body in bytes. 1 kB to 256 MB, default 24 MB (a minute of audio as JSON numbers).</summary>
    [Range(1_000, 256_000_000, ErrorMessage = OutOfRange)]
    public long MaxBodyBytes { get; set; } = 24_000_000;

    /// <summary>Most recordings in one request. 1 to 1,000, default 32.</summary>
    [Range(1, 1_000, ErrorMessage = OutOfRange)]
    public int MaxItems { get; set; } = 32;

    /// <summary>Longest recording in seconds. 1 to 600, default 75: longer than the longest utterance that a silo takes.</summary>
    [Range(1, 600, ErrorMessage = OutOfRange)]
    public int MaxSecondsPerItem { get; set; } = 75;

    /// <summary>How long a request's body may take to arrive, in seconds; then 408. 1 to 600, default 60.</summary>
    [Range(1, 600, ErrorMessage = OutOfRange)]
    public int BodyTimeoutSeconds { get; set; } = 60;

    /// <summary>How long a request may wait and be worked on after its body has arrived, in seconds; then 504, and its work is stopped. 1 to 600, default 55.</summary>
    [Range(1, 600, ErrorMessage = OutOfRange)]
    public int RequestTimeoutSeconds { get; set; } = 55;

    /// <summary>How long a stop waits for requests that are being worked on, in seconds. 1 to 600, default 30.</summary>
    [Range(1, 600, ErrorMessage = OutOfRange)]
    public int StopTimeoutSeconds { get; set; } = 30;

    internal TimeSpan RequestTimeout => TimeSpan.FromSeconds(RequestTimeoutSeconds);

    internal TimeSpan BodyTimeout => TimeSpan.FromSeconds(BodyTimeoutSeconds);

    /// <summary>Most samples in one recording.</summary>
    internal int MaxSamplesPerItem => MaxSecondsPerItem * Audio.PocketSphinxDecoder.SampleRateHz;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPEndPoint.TryParse(Listen, out var endpoint) || !Listen.EndsWith($":{endpoint.Port}", StringComparison.Ordinal))
        {
            yield return Error(nameof(Listen), $"'{Listen}' is not an IP address with a port: set {Key(nameof(Listen))} to, for example, 127.0.0.1:5001.");
        }

        if (string.IsNullOrWhiteSpace(KeyFile) && !TrustPlatformKeys)
        {
            yield return Error(
                nameof(KeyFile),
                $"Callers need a key: set {Key(nameof(KeyFile))} to a path; the file is made when it is missing. Behind an Azure ML endpoint, which checks keys itself, "
                + $"set {Key(nameof(TrustPlatformKeys))}=true instead.");
        }

        if (!string.IsNullOrWhiteSpace(KeyFile) && TrustPlatformKeys)
        {
            yield return Error(
                nameof(TrustPlatformKeys), $"{Key(nameof(TrustPlatformKeys))} lets everybody in and {Key(nameof(KeyFile))} does not: set one of them.");
        }

        if (!IsEngine(EngineNames.PocketSphinx) && !IsEngine(EngineNames.Wav2Vec2))
        {
            yield return Error(
                nameof(Engine), $"The engine '{Engine}' is unknown: set {Key(nameof(Engine))} to {EngineNames.PocketSphinx} or {EngineNames.Wav2Vec2}.");
        }

        if (IsEngine(EngineNames.Wav2Vec2) && string.IsNullOrWhiteSpace(ModelFolder))
        {
            yield return Error(
                nameof(ModelFolder),
                $"The engine {EngineNames.Wav2Vec2} needs a model: set {Key(nameof(ModelFolder))} to a folder with model.onnx and vocab.json (docs/models.md), "
                + "or in Azure ML give the deployment a model.");
        }
    }

    internal bool IsEngine(string name) => string.Equals(Engine, name, StringComparison.OrdinalIgnoreCase);

    private static string Key(string name) => $"{Section.Replace(":", "__", StringComparison.Ordinal)}__{name}";

    private static ValidationResult Error(string name, string message) => new(message, [name]);
}
