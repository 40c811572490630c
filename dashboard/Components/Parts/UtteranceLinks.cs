using Fleet.Storage;

namespace Fleet.Dashboard.Components.Parts;

/// <summary>Where an utterance's page and sound are.</summary>
internal static class UtteranceLinks
{
    public static string Page(UtteranceRecord utterance) => $"/history/{Path(utterance)}";

    public static string Audio(UtteranceRecord utterance) => $"/audio/{Path(utterance)}.wav";

    /// <summary>Id of its element on live pages: the same for each change of the same utterance.</summary>
    public static string ElementId(UtteranceKey key) => $"u-{key.UtteranceId}-{key.DeviceId}";

    private static string Path(UtteranceRecord utterance) => $"{Uri.EscapeDataString(utterance.DeviceId)}/{utterance.UtteranceId}";
}
