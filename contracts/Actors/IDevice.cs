namespace Fleet.Contracts.Actors;

/// <summary>
/// One device of the fleet: who speaks for it, what it is sending, and how it is. Calls to one device run one at a time, in the order in which
/// they arrive. Arguments and results are immutable, carry no audio and can cross a process border; expected faults are results, not exceptions.
/// </summary>
public interface IDevice
{
    /// <summary>Opens a session. A session of the same install is taken over: its stream is told to end. The same stream may ask again.</summary>
    ValueTask<SessionOpening> OpenSessionAsync(SessionRequest request);

    /// <summary>
    /// A stream that is open says so to an actor that does not know it: one whose silo died was activated anew, elsewhere. Whether the session is the
    /// device's is for the database to say. What it has open is not counted.
    /// </summary>
    ValueTask<SessionStanding> ResumeSessionAsync(SessionResumption resumption);

    /// <summary>The stream of this session is gone. Harmless when a newer session has taken over.</summary>
    ValueTask CloseSessionAsync(long sessionEpoch);

    /// <summary>The operator has decided that this install is the device: the session of another one ends at once.</summary>
    ValueTask InstallReplacedAsync(Guid installId);

    /// <summary>May this utterance be sent now? Once admitted it is open until it was received or answered.</summary>
    ValueTask<Admission> AdmitAsync(long sessionEpoch, Guid utteranceId);

    /// <summary>All audio of an admitted utterance is here; it waits for its commit and no longer counts as open.</summary>
    ValueTask UtteranceReceivedAsync(long sessionEpoch, Guid utteranceId);

    /// <summary>The device was told what became of its utterance.</summary>
    ValueTask<SessionStanding> UtteranceAnsweredAsync(long sessionEpoch, Guid utteranceId, UtteranceOutcome outcome);

    /// <summary>What a heartbeat said.</summary>
    ValueTask<SessionStanding> ReportAsync(long sessionEpoch, DeviceReport report);

    /// <summary>The device runs with this version of its settings; with a fault it could not take it.</summary>
    ValueTask SettingsAppliedAsync(long sessionEpoch, ulong version, string fault);

    /// <summary>Sends a transcript down the session that is open now. False when none is: the transcript is in the history.</summary>
    ValueTask<bool> DeliverTranscriptAsync(TranscriptNotice transcript);

    /// <summary>How the device is at this moment.</summary>
    ValueTask<DevicePresence> GetPresenceAsync();
}
