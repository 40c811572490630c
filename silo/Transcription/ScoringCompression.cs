namespace Fleet.Silo.Transcription;

/// <summary>Whether bodies are sent as gzip: 0.7 of the bytes of base64, less than half of the bytes of numbers (docs/benchmarks.md, "Batching").</summary>
internal enum ScoringCompression
{
    /// <summary>As soon as an answer says by Accept-Encoding that the endpoint takes it (RFC 7694), as our scoring server's do.</summary>
    Auto,

    /// <summary>Never.</summary>
    Off,

    /// <summary>Always: for our scoring server behind a gateway that takes that header away.</summary>
    Gzip,
}
