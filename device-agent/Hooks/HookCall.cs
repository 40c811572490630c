namespace Fleet.DeviceAgent.Hooks;

/// <summary>One event for a command; what is empty is not known or does not apply.</summary>
internal sealed record HookCall(HookEvent Event)
{
    public string UtteranceId { get; init; } = "";

    public string Keyword { get; init; } = "";

    /// <summary>Of a transcript: its status.</summary>
    public string Status { get; init; } = "";

    /// <summary>Of an error: what is wrong, by the name that heartbeats use.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What was said. Given on standard input only: arguments and environment of a process can be read by others.</summary>
    public string Text { get; init; } = "";
}
