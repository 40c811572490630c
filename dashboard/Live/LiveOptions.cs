using System.ComponentModel.DataAnnotations;

namespace Fleet.Dashboard.Live;

/// <summary>Bounds of the live page. Section <c>Fleet:Dashboard:Live</c>.</summary>
internal sealed class LiveOptions
{
    public const string Section = "Fleet:Dashboard:Live";

    /// <summary>Most live pages open at a time. 1 to 100,000.</summary>
    [Range(1, 100_000, ErrorMessage = "Set Fleet:Dashboard:Live:MaxViewers to 1 to 100000.")]
    public int MaxViewers { get; set; } = 1_000;

    /// <summary>Changes that may wait for one viewer; one that is slower is cut off and comes back where it was. 8 to 10,000.</summary>
    [Range(8, 10_000, ErrorMessage = "Set Fleet:Dashboard:Live:QueueLength to 8 to 10000 changes.")]
    public int QueueLength { get; set; } = 256;

    /// <summary>Changes kept in memory for viewers that come back. 0 to 100,000, each of about 1.5 KB.</summary>
    [Range(0, 100_000, ErrorMessage = "Set Fleet:Dashboard:Live:ReplayLength to 0 to 100000 changes.")]
    public int ReplayLength { get; set; } = 512;

    /// <summary>A viewer that missed more than this loads the page again instead. 10 to 10,000 changes.</summary>
    [Range(10, 10_000, ErrorMessage = "Set Fleet:Dashboard:Live:MaxCatchUp to 10 to 10000 changes.")]
    public int MaxCatchUp { get; set; } = 500;

    /// <summary>How often an idle stream says that it is alive, in seconds. 1 to 300.</summary>
    [Range(1, 300, ErrorMessage = "Set Fleet:Dashboard:Live:HeartbeatSeconds to 1 to 300 seconds.")]
    public int HeartbeatSeconds { get; set; } = 15;
}
