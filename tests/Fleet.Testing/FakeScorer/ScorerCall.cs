namespace Fleet.Testing.FakeScorer;

/// <summary>What the fake endpoint was sent.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="UtteranceId">The id of the one input; empty with the tutorial's body.</param>
/// <param name="Pcm">The audio of the one input; empty with the tutorial's body.</param>
/// <param name="Samples">The samples of the tutorial's body.</param>
/// <param name="Authorization">The header, or empty.</param>
/// <param name="ClientRequestId">The header, or empty.</param>
public sealed record ScorerCall(int Number, string UtteranceId, byte[] Pcm, float[] Samples, string Authorization, string ClientRequestId);
