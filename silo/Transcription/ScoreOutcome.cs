namespace Fleet.Silo.Transcription;

/// <summary>What one call of the endpoint came to.</summary>
internal enum ScoreOutcome
{
    /// <summary>There is an answer; its text may be empty.</summary>
    Recognised,

    /// <summary>The endpoint refuses the utterance, or the request: sending it again changes nothing, unless it refuses every request.</summary>
    Refused,

    /// <summary>The endpoint failed at it: a fault of its own, or one that this utterance provokes. Try again.</summary>
    Failed,

    /// <summary>The endpoint is not there, or has no room: nothing is wrong with the utterance. Wait, then try again.</summary>
    Away,
}
