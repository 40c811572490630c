using Fleet.Contracts.Actors;

namespace Fleet.Silo.Devices;

/// <summary>
/// The rules of one device: one session at a time, what may be sent, what is in flight, how the device is. Knows no framework; its host (a mailbox
/// or a grain) sees to it that one call runs at a time.
/// </summary>
internal sealed class Device(string deviceId, ISessionLedger ledger, ISessionDownlink downlink, TimeProvider time) : IDevice
{
    private readonly HashSet<Guid> _open = [];
    private readonly HashSet<Guid> _committing = [];
    private Session? _session;

    // Of the sessions that this activation has known. A session above it was opened while another activation was the actor.
    private long _newestEpoch;
    private DateTimeOffset? _lastSeen;
    private string _agentVersion = "";
    private ulong _settingsVersionApplied;
    private DeviceReport? _report;
    private ReportedNumbers? _numbers;
    private DeviceCounters _counters = new(0, 0, 0, 0, 0);

    public bool HasSession => _session is not null;

    public async ValueTask<SessionOpening> OpenSessionAsync(SessionRequest request)
    {
        var opening = await ledger.OpenAsync(deviceId, request);
        if (opening.Status != SessionOpeningStatus.Opened)
        {
            return opening;
        }

        var older = _session;
        Begin(opening.SessionEpoch, request.Address, request.InstallId, request.AgentVersion);
        _numbers = new ReportedNumbers(opening.SessionEpoch, request.NextSequenceNumber, request.SettledBelow);
        _counters = _counters with { Sessions = _counters.Sessions + 1 };

        // What the older stream still has under way is fenced by its epoch in the database; telling it to end only saves its device the wait.
        if (older is not null && older.Address != request.Address)
        {
            await downlink.SupersedeAsync(older.Address, opening.SessionEpoch);
        }

        return opening;
    }

    public async ValueTask<SessionStanding> ResumeSessionAsync(SessionResumption resumption)
    {
        var standing = StandingOf(resumption.SessionEpoch);
        if (standing != SessionStanding.Unknown)
        {
            return standing;
        }

        standing = await ledger.FindStandingAsync(deviceId, resumption.SessionEpoch);
        if (standing == SessionStanding.Current)
        {
            var older = _session;
            Begin(resumption.SessionEpoch, resumption.Address, resumption.InstallId, resumption.AgentVersion);
            if (older is not null)
            {
                await downlink.SupersedeAsync(older.Address, resumption.SessionEpoch);
            }
        }

        return standing;
    }

    public ValueTask CloseSessionAsync(long sessionEpoch)
    {
        // One that is not known yet cannot be resumed behind this.
        if (StandingOf(sessionEpoch) != SessionStanding.Superseded)
        {
            _newestEpoch = sessionEpoch;
            ForgetSession();
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask InstallReplacedAsync(Guid installId)
    {
        if (_session is { } open && open.InstallId != installId)
        {
            // Its writes are fenced already; without this a session that writes nothing would speak for the device until it does.
            ForgetSession();
            await downlink.ReplaceAsync(open.Address, installId);
        }
    }

    public ValueTask<Admission> AdmitAsync(long sessionEpoch, Guid utteranceId) => ValueTask.FromResult(Admit(sessionEpoch, utteranceId));

    public ValueTask UtteranceReceivedAsync(long sessionEpoch, Guid utteranceId)
    {
        if (IsCurrent(sessionEpoch) && _open.Remove(utteranceId))
        {
            _committing.Add(utteranceId);
            _lastSeen = time.GetUtcNow();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<SessionStanding> UtteranceAnsweredAsync(long sessionEpoch, Guid utteranceId, UtteranceOutcome outcome)
    {
        _counters = outcome switch
        {
            UtteranceOutcome.Stored => _counters with { Stored = _counters.Stored + 1 },
            UtteranceOutcome.Duplicate => _counters with { Duplicates = _counters.Duplicates + 1 },
            _ => _counters with { Rejected = _counters.Rejected + 1 },
        };
        if (IsCurrent(sessionEpoch))
        {
            _open.Remove(utteranceId);
            _committing.Remove(utteranceId);
        }

        return ValueTask.FromResult(StandingOf(sessionEpoch));
    }

    public ValueTask<SessionStanding> ReportAsync(long sessionEpoch, DeviceReport report)
    {
        if (IsCurrent(sessionEpoch))
        {
            _report = report;
            _numbers = new ReportedNumbers(sessionEpoch, report.NextSequenceNumber, report.SettledBelow);
            _lastSeen = time.GetUtcNow();
        }

        return ValueTask.FromResult(StandingOf(sessionEpoch));
    }

    public ValueTask SettingsAppliedAsync(long sessionEpoch, ulong version, string fault)
    {
        if (IsCurrent(sessionEpoch))
        {
            _lastSeen = time.GetUtcNow();
            if (fault.Length == 0)
            {
                _settingsVersionApplied = version;
            }
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> DeliverTranscriptAsync(TranscriptNotice transcript)
    {
        if (_session is null || !await downlink.SendTranscriptAsync(_session.Address, transcript))
        {
            return false;
        }

        _counters = _counters with { TranscriptsDelivered = _counters.TranscriptsDelivered + 1 };
        return true;
    }

    public ValueTask<DevicePresence> GetPresenceAsync() => ValueTask.FromResult(new DevicePresence
    {
        DeviceId = deviceId,
        Online = _session is not null,
        SessionEpoch = _session?.Epoch ?? 0,
        ConnectedSince = _session?.OpenedAt,
        LastSeen = _lastSeen,
        AgentVersion = _agentVersion,
        OpenUtterances = _open.Count,
        CommittingUtterances = _committing.Count,
        SettingsVersionApplied = _settingsVersionApplied,
        Report = _report,
        Numbers = _numbers,
        Counters = _counters,
    });

    private Admission Admit(long sessionEpoch, Guid utteranceId)
    {
        switch (StandingOf(sessionEpoch))
        {
            case SessionStanding.Superseded:
                return Admission.StaleSession;
            case SessionStanding.Unknown:
                return Admission.UnknownSession;
        }

        _lastSeen = time.GetUtcNow();
        if (_open.Contains(utteranceId) || _committing.Contains(utteranceId))
        {
            return Admission.AlreadyInFlight;
        }

        if (_open.Count >= DeviceLimits.OpenUtterances)
        {
            return Admission.TooManyOpen;
        }

        _open.Add(utteranceId);
        return Admission.Admitted;
    }

    private void ForgetSession()
    {
        _session = null;
        _open.Clear();
        _committing.Clear();
    }

    private void Begin(long sessionEpoch, SessionAddress address, Guid installId, string agentVersion)
    {
        var now = time.GetUtcNow();
        _session = new Session(address, installId, sessionEpoch, now);
        _newestEpoch = sessionEpoch;
        _open.Clear();
        _committing.Clear();
        _lastSeen = now;
        _agentVersion = agentVersion;
    }

    private SessionStanding StandingOf(long sessionEpoch) =>
        IsCurrent(sessionEpoch) ? SessionStanding.Current
        : sessionEpoch > _newestEpoch ? SessionStanding.Unknown
        : SessionStanding.Superseded;

    private bool IsCurrent(long sessionEpoch) => _session is not null && _session.Epoch == sessionEpoch;

    private sealed record Session(SessionAddress Address, Guid InstallId, long Epoch, DateTimeOffset OpenedAt);
}
