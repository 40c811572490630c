namespace Fleet.Benchmarks.Ingest;

/// <summary>What devices can be told to do.</summary>
internal enum DevicesAction
{
    /// <summary>Open sessions.</summary>
    Connect,

    /// <summary>Send one utterance after the other, as fast as they are taken.</summary>
    Flood,

    /// <summary>One device, one utterance at a time.</summary>
    Lone,

    /// <summary>So many utterances a second, whatever becomes of them.</summary>
    Paced,

    /// <summary>Speak without a pause, in real time, until Quiet. Answered at once.</summary>
    Talk,

    /// <summary>How does it stand?</summary>
    Report,

    /// <summary>Say nothing more; what was said is still sent. Answered at once.</summary>
    Quiet,
}
