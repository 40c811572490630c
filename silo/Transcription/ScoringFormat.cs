namespace Fleet.Silo.Transcription;

/// <summary>Which body the scoring endpoint is sent.</summary>
internal enum ScoringFormat
{
    /// <summary>{"inputs":[{"id","sample_rate","audio"}]}: our scoring server, a seventh of the bytes; a fault of one utterance is told for it alone.</summary>
    Batch,

    /// <summary>{"data":[…]}: an endpoint of the tutorial's kind, unmodified; one utterance a call.</summary>
    Single,

    /// <summary>{"data":[[…],[…]]}: the tutorial's numbers, several utterances a call; a fault of one fails the call.</summary>
    List,
}
