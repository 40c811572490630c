namespace Fleet.Testing.FakeScorer;

/// <summary>One utterance that the fake endpoint was sent.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="UtteranceId">Its id; empty with the tutorial's body.</param>
/// <param name="Pcm">Its audio; empty with the tutorial's body.</param>
/// <param name="Samples">The samples of the tutorial's body.</param>
/// <param name="Authorization">The header, or empty.</param>
/// <param name="ClientRequestId">The header, or empty.</param>
public sealed record ScorerCall(int Number, string UtteranceId, byte[] Pcm, float[] Samples, string Authorization, string ClientRequestId)
{
    /// <summary>The body came as gzip.</summary>
    public bool IsCompressed { get; init; }
}
