using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Transcription;

/// <summary>Section Fleet:Scoring: the speech-to-text endpoint and how hard it is used.</summary>
internal sealed class ScoringOptions
{
    public const string Section = "Fleet:Scoring";

    /// <summary>Address of the endpoint, up to and including its path. Default http://127.0.0.1:5001/score.</summary>
    [Required]
    public string Endpoint { get; init; } = "http://127.0.0.1:5001/score";

    /// <summary>File whose text is the endpoint's key; read again when the endpoint answers 401. Empty = no key is sent.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>A second key, taken when the endpoint refuses the first one: the two can be rotated without a gap. Empty = none.</summary>
    public string SecondaryKeyFile { get; init; } = "";

    /// <summary>key, or entra: tokens of Microsoft Entra ID for https://ml.azure.com. Default key.</summary>
    [EnumDataType(typeof(ScoringAuth))]
    public ScoringAuth Auth { get; init; } = ScoringAuth.Key;

    /// <summary>With entra and ClientSecretFile: the directory (tenant) of the application.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>With entra: id of the application, or of a managed identity that is not the machine's own.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>With entra: file with the application's secret. Empty: workload identity, managed identity, or the environment's variables of Azure.Identity.</summary>
    public string ClientSecretFile { get; init; } = "";

    /// <summary>Sent as azureml-model-deployment, which pins a deployment. Empty: the endpoint decides.</summary>
    public string Deployment { get; init; } = "";

    /// <summary>Several endpoints or deployments, each with a name and a weight; empty: the one above.</summary>
    public IReadOnlyList<ScoringDeploymentOptions> Deployments { get; init; } = [];

    /// <summary>batch, list or single. Default batch.</summary>
    [EnumDataType(typeof(ScoringFormat))]
    public ScoringFormat Format { get; init; } = ScoringFormat.Batch;

    /// <summary>Bodies as gzip: auto (where the endpoint's answers say that it takes them), off or gzip (always). Default auto.</summary>
    [EnumDataType(typeof(ScoringCompression))]
    public ScoringCompression Compression { get; init; } = ScoringCompression.Auto;

    /// <summary>Seconds that one call may take: a second more than the endpoint's own request_timeout_ms. 1 to 600; default 60.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>Calls in flight at a time, at the most, of each deployment; how many there are is learned. 1 to 256; default 32.</summary>
    [Range(1, 256)]
    public int MaxInFlight { get; init; } = 32;

    /// <summary>The deployment's request setting of this name; calls in flight are never more than twice this times Instances. 0 to 1,000; default 0, not known.</summary>
    [Range(0, 1_000)]
    public int MaxConcurrentRequestsPerInstance { get; init; }

    /// <summary>Instances of the deployment, shared out among the silos that use it. 0 to 1,000; default 0, not known.</summary>
    [Range(0, 1_000)]
    public int Instances { get; init; }

    /// <summary>Most utterances in one call. 1 to 1,024; default 32.</summary>
    [Range(1, 1_024)]
    public int BatchMaxUtterances { get; init; } = 32;

    /// <summary>Most seconds of audio in one call of several utterances. 1 to 3,600; default 120.</summary>
    [Range(1, 3_600)]
    public int BatchMaxAudioSeconds { get; init; } = 120;

    /// <summary>Most bytes of the body of a call of several utterances; it begins with 2,000,000 and doubles. 65,536 to 268,435,456; default 8,000,000.</summary>
    [Range(65_536, 268_435_456)]
    public int BatchMaxBytes { get; init; } = 8_000_000;

    /// <summary>
    /// Milliseconds after which the oldest that waits leaves, with whoever waits with it, though the endpoint is busy. At an idle endpoint nobody waits. 1 to
    /// 60,000; default 2,000.
    /// </summary>
    [Range(1, 60_000)]
    public int BatchMaxAgeMs { get; init; } = 2_000;

    /// <summary>Seconds for which speech counts as live after it ended; what is older waits behind it. 1 to 3,600; default 15.</summary>
    [Range(1, 3_600)]
    public int LiveSeconds { get; init; } = 15;

    /// <summary>Share in percent of the calls that begins with the oldest of what is not live, so that it ends. 0 to 100; default 25.</summary>
    [Range(0, 100)]
    public int BacklogPercent { get; init; } = 25;

    /// <summary>Extra calls after failures, in percent of the others. Those that find a faulty utterance in a batch are counted apart. 0 to 100; default 10.</summary>
    [Range(0, 100)]
    public int RetryPercent { get; init; } = 10;

    /// <summary>Utterances that wait with their audio in memory; what is beyond waits in the database. 1 to 65,536; default 256.</summary>
    [Range(1, 65_536)]
    public int QueueUtterances { get; init; } = 256;

    /// <summary>
    /// Times that the endpoint may fail at an utterance while it works (it answers half a second of faint noise right after), before the utterance ends as
    /// failed; see GiveUpAfterSeconds. 1 to 100; default 5.
    /// </summary>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 5;

    /// <summary>
    /// Seconds for which an utterance is tried at least before MaxAttempts ends it, so that an endpoint that comes and goes costs no transcript. A failure at
    /// everything begins the count anew. 0 to 86,400; default 300.
    /// </summary>
    [Range(0, 86_400)]
    public int GiveUpAfterSeconds { get; init; } = 300;

    /// <summary>Longest pause in milliseconds before the endpoint is tried again while it is away. 50 to 600,000; default 10,000.</summary>
    [Range(50, 600_000)]
    public int MaxBackOffMs { get; init; } = 10_000;

    /// <summary>Milliseconds between two looks for stored utterances that nobody works on. 100 to 3,600,000; default 10,000.</summary>
    [Range(100, 3_600_000)]
    public int SweepIntervalMs { get; init; } = 10_000;

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    public TimeSpan Live => TimeSpan.FromSeconds(LiveSeconds);

    public TimeSpan BatchMaxAge => TimeSpan.FromMilliseconds(BatchMaxAgeMs);

    public BatchBounds BatchBounds => new(BatchMaxUtterances, BatchMaxAudioSeconds, BatchMaxBytes);

    public TimeSpan GiveUpAfter => TimeSpan.FromSeconds(GiveUpAfterSeconds);

    public TimeSpan MaxBackOff => TimeSpan.FromMilliseconds(MaxBackOffMs);

    public TimeSpan SweepInterval => TimeSpan.FromMilliseconds(SweepIntervalMs);
}
