using Fleet.V1;

namespace Fleet.Dashboard.Components.Parts;

/// <summary>Which clock said when an utterance was spoken, where that is not the ordinary one.</summary>
internal static class ClockView
{
    /// <summary>A few words beside the time; null for the ordinary clock.</summary>
    public static string? Words(Clock clock) => clock switch
    {
        Clock.Device => "by the device's own clock",
        Clock.Corrected => "recorded before the device knew the time; corrected",
        Clock.Unknown => "the device did not know the time: spoken then or later",
        _ => null,
    };

    /// <summary>As exports write it; null from agents that do not say.</summary>
    public static string? Key(Clock clock) => clock switch
    {
        Clock.Server => "server",
        Clock.Device => "device",
        Clock.Corrected => "corrected",
        Clock.Unknown => "unknown",
        _ => null,
    };
}
