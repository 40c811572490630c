using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>Where a loss was reported, and where its answer goes.</summary>
internal interface ILossOrigin
{
    /// <summary>The loss is committed, or will not be. Called once, from the writer's pump: must not wait.</summary>
    void OnAnswer(PendingLoss loss, StoreResult result);
}
