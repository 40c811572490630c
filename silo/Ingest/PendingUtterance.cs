using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>An utterance that is all here and waits for its commit.</summary>
/// <param name="Row">What is stored; its Pcm is a view of <paramref name="Audio"/>.</param>
/// <param name="Audio">Owned by whoever holds this.</param>
/// <param name="Origin">Who is told.</param>
/// <param name="ReceivedTimestamp">When its end arrived.</param>
internal sealed record PendingUtterance(NewUtterance Row, PooledAudio Audio, IUtteranceOrigin Origin, long ReceivedTimestamp);
