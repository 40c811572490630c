namespace Fleet.DeviceAgent.Hooks;

/// <summary>What a command of the owner's can be run for.</summary>
internal enum HookEvent
{
    /// <summary>The keyword was heard.</summary>
    Woken,

    /// <summary>What is said is being recorded from now on.</summary>
    Recording,

    /// <summary>It is not any more.</summary>
    Recorded,

    /// <summary>The cloud has stored an utterance.</summary>
    Stored,

    /// <summary>A transcript has come.</summary>
    Transcript,

    /// <summary>Something is wrong with the device that was not before.</summary>
    Error,
}
