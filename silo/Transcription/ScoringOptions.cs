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

    /// <summary>batch or single. Default batch.</summary>
    [EnumDataType(typeof(ScoringFormat))]
    public ScoringFormat Format { get; init; } = ScoringFormat.Batch;

    /// <summary>Seconds that one call may take. 1 to 600; default 60.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>Calls in flight at a time. 1 to 256; default twice the processors, at most 16.</summary>
    [Range(1, 256)]
    public int MaxInFlight { get; init; } = Math.Min(2 * Environment.ProcessorCount, 16);

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

    public TimeSpan GiveUpAfter => TimeSpan.FromSeconds(GiveUpAfterSeconds);

    public TimeSpan MaxBackOff => TimeSpan.FromMilliseconds(MaxBackOffMs);

    public TimeSpan SweepInterval => TimeSpan.FromMilliseconds(SweepIntervalMs);
}
