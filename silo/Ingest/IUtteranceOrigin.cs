using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>Where an utterance came from, and where its answer goes.</summary>
internal interface IUtteranceOrigin
{
    /// <summary>
    /// The utterance is committed, or will not be. Called once, from the writer's pump: must not wait. True: the audio of what was not stored is the
    /// origin's now.
    /// </summary>
    bool OnAnswer(PendingUtterance utterance, StoreResult result);
}
