using Fleet.Storage;

namespace Fleet.Dashboard.Live;

/// <summary>A viewer, and the changes before the first one of its queue that are still in memory.</summary>
/// <param name="Viewer">Its queue.</param>
/// <param name="ReplayStart">The replay holds everything after this; null: the feed has not begun.</param>
/// <param name="Replay">In order.</param>
internal sealed record LiveSubscription(LiveViewer Viewer, FeedPosition? ReplayStart, IReadOnlyList<LiveFrame> Replay);
