using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Fleet.Scoring.Configuration;

/// <summary>Settings of the scoring server, section Fleet:ScoringServer.</summary>
public sealed class ScoringServerOptions : IValidatableObject
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Fleet:ScoringServer";

    private const string OutOfRange = "Fleet__ScoringServer__{0} must be from {1} to {2}.";

    /// <summary>The only engine of this version.</summary>
    public const string PocketSphinxEngine = "pocketsphinx";

    /// <summary>Address and port; port 0 takes a free one. Default 127.0.0.1:5001, as Azure ML's own inference server.</summary>
    [Required(ErrorMessage = "Set Fleet__ScoringServer__{0}.")]
    public string Listen { get; set; } = "127.0.0.1:5001";

    /// <summary>File with the key that callers send as `Authorization: Bearer`; made with mode 600 when missing. Required.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>What recognises speech: `pocketsphinx`.</summary>
    [Required(ErrorMessage = "Set Fleet__ScoringServer__{0}.")]
    public string Engine { get; set; } = PocketSphinxEngine;

    /// <summary>Folder of the engine's model; by default where Debian's package pocketsphinx-en-us puts it.</summary>
    public string? ModelFolder { get; set; }

    /// <summary>Decoders, each on its own thread and about 100 MB. 1 to 256, default the number of cores.</summary>
    [Range(1, 256, ErrorMessage = OutOfRange)]
    public int Workers { get; set; } = Environment.ProcessorCount;

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

    /// <summary>How long a stop waits for requests that are being worked on, in seconds. 1 to 600, default 30.</summary>
    [Range(1, 600, ErrorMessage = OutOfRange)]
    public int StopTimeoutSeconds { get; set; } = 30;

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

        if (string.IsNullOrWhiteSpace(KeyFile))
        {
            yield return Error(nameof(KeyFile), $"Callers need a key: set {Key(nameof(KeyFile))} to a path; the file is made when it is missing.");
        }

        if (!string.Equals(Engine, PocketSphinxEngine, StringComparison.OrdinalIgnoreCase))
        {
            yield return Error(nameof(Engine), $"The engine '{Engine}' is unknown: set {Key(nameof(Engine))} to {PocketSphinxEngine}.");
        }
    }

    private static string Key(string name) => $"{Section.Replace(":", "__", StringComparison.Ordinal)}__{name}";

    private static ValidationResult Error(string name, string message) => new(message, [name]);
}
