using Fleet.Contracts.Actors;
using Fleet.Contracts.Orleans;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>
/// What callers hold of a device: finds its actor wherever it is, lets an actor that was activated anew know the session whose stream is here, and says for
/// each call what happens when the actor's silo has died. Nothing of that ends a stream: what is stored is fenced by the epoch in the database, not here.
/// </summary>
internal sealed class ClusterDevice(string deviceId, string self, Func<IDeviceGrain> getGrain, LocalSessions sessions, ActorCalls calls) : IDevice
{
    // Repeated: the same stream may ask twice, it only gets a newer epoch.
    public async ValueTask<SessionOpening> OpenSessionAsync(SessionRequest request)
    {
        var here = request with { Address = request.Address with { Silo = self } };
        var answer = await calls.RepeatAsync(deviceId, () => getGrain().OpenSessionAsync(here));
        if (!answer.Answered || answer.Value is not { } opening)
        {
            return SessionOpening.Refused(
                SessionOpeningStatus.Unavailable, "The silo that had this device is away, and another one has not taken it over yet; connect again.");
        }

        if (opening.Status == SessionOpeningStatus.Opened)
        {
            sessions.Add(deviceId, new SessionResumption(opening.SessionEpoch, here.Address, request.InstallId, request.AgentVersion));
        }

        return opening;
    }

    public async ValueTask<SessionStanding> ResumeSessionAsync(SessionResumption resumption)
    {
        var answer = await calls.RepeatAsync(deviceId, () => getGrain().ResumeSessionAsync(resumption));
        return answer.Answered ? answer.Value : SessionStanding.Unavailable;
    }

    // Repeated; an actor that was not told finds the stream gone when it wants to send, or hears of a newer session.
    public async ValueTask CloseSessionAsync(long sessionEpoch)
    {
        sessions.Remove(deviceId, sessionEpoch);
        await calls.RepeatAsync(deviceId, async () =>
        {
            await getGrain().CloseSessionAsync(sessionEpoch);
            return true;
        });
    }

    // Repeated; a stream whose actor does not know it is refused by the database when it writes.
    public async ValueTask InstallReplacedAsync(Guid installId) => await calls.RepeatAsync(deviceId, async () =>
    {
        await getGrain().InstallReplacedAsync(installId);
        return true;
    });

    // Repeated; without an answer the device is told to send the utterance again later.
    public async ValueTask<Admission> AdmitAsync(long sessionEpoch, Guid utteranceId)
    {
        var answer = await calls.RepeatAsync(deviceId, () => getGrain().AdmitAsync(sessionEpoch, utteranceId));
        if (answer is { Answered: true, Value: Admission.UnknownSession })
        {
            switch (await ResumeAsync(sessionEpoch))
            {
                case SessionStanding.Current:
                    answer = await calls.RepeatAsync(deviceId, () => getGrain().AdmitAsync(sessionEpoch, utteranceId));
                    break;
                case SessionStanding.Superseded:
                    return Admission.StaleSession;
                default:
                    return Admission.Unavailable;
            }
        }

        return answer switch
        {
            { Answered: false } or { Value: Admission.UnknownSession } => Admission.Unavailable,
            // An attempt whose answer was lost has admitted it.
            { Value: Admission.AlreadyInFlight, MayHaveRun: true } => Admission.Admitted,
            _ => answer.Value,
        };
    }

    // Repeated, then ignored: the answer to the utterance says the same.
    public async ValueTask UtteranceReceivedAsync(long sessionEpoch, Guid utteranceId) => await calls.RepeatAsync(deviceId, async () =>
    {
        await getGrain().UtteranceReceivedAsync(sessionEpoch, utteranceId);
        return true;
    });

    // Once, since it counts; the ack waits for it, and then goes out all the same.
    public ValueTask<SessionStanding> UtteranceAnsweredAsync(long sessionEpoch, Guid utteranceId, UtteranceOutcome outcome) =>
        TellAsync(sessionEpoch, grain => grain.UtteranceAnsweredAsync(sessionEpoch, utteranceId, outcome), repeatWhenResumed: false);

    // Once: the next heartbeat says it anew.
    public ValueTask<SessionStanding> ReportAsync(long sessionEpoch, DeviceReport report) =>
        TellAsync(sessionEpoch, grain => grain.ReportAsync(sessionEpoch, report), repeatWhenResumed: true);

    // Once, then ignored: the device says it again in its next session.
    public async ValueTask SettingsAppliedAsync(long sessionEpoch, ulong version, string fault) => await calls.TryAsync(deviceId, async () =>
    {
        await getGrain().SettingsAppliedAsync(sessionEpoch, version, fault);
        return true;
    });

    // Repeated only when it was not delivered for sure; it is in the history in any case.
    public async ValueTask<bool> DeliverTranscriptAsync(TranscriptNotice transcript)
    {
        var answer = await calls.TryAsync(deviceId, () => getGrain().DeliverTranscriptAsync(transcript));
        if (answer is { Answered: true, Value: true })
        {
            return true;
        }

        // The stream is here as a rule, where its utterances are transcribed: an actor that was activated anew is told of it.
        return sessions.Find(deviceId) is { } session
            && await ResumeSessionAsync(session) == SessionStanding.Current
            && await calls.TryAsync(deviceId, () => getGrain().DeliverTranscriptAsync(transcript)) is { Answered: true, Value: true };
    }

    public async ValueTask<DevicePresence> GetPresenceAsync()
    {
        var answer = await calls.RepeatAsync(deviceId, () => getGrain().GetPresenceAsync());
        return answer.Value
            ?? throw new ActorUnavailableException("The silo that had this device is away, and another one has not taken it over yet; try again.", answer.Failure);
    }

    private async ValueTask<SessionStanding> TellAsync(
        long sessionEpoch, Func<IDeviceGrain, ValueTask<SessionStanding>> tell, bool repeatWhenResumed)
    {
        var answer = await calls.TryAsync(deviceId, () => tell(getGrain()));
        if (!answer.Answered)
        {
            return SessionStanding.Unavailable;
        }

        if (answer.Value != SessionStanding.Unknown)
        {
            return answer.Value;
        }

        var standing = await ResumeAsync(sessionEpoch);
        if (standing == SessionStanding.Current && repeatWhenResumed)
        {
            await calls.TryAsync(deviceId, () => tell(getGrain()));
        }

        return standing;
    }

    private async ValueTask<SessionStanding> ResumeAsync(long sessionEpoch) =>
        sessions.Find(deviceId) is { } session && session.SessionEpoch == sessionEpoch ? await ResumeSessionAsync(session) : SessionStanding.Superseded;
}
