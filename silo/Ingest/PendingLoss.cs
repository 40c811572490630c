using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>A loss that a device reported and that waits for its commit.</summary>
/// <param name="Row">What is stored.</param>
/// <param name="Origin">Who is told.</param>
/// <param name="ReceivedTimestamp">When it arrived.</param>
internal sealed record PendingLoss(NewLoss Row, ILossOrigin Origin, long ReceivedTimestamp);
