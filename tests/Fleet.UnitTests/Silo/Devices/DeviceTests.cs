using Fleet.Contracts.Actors;
using Fleet.Silo.Devices;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Silo.Devices;

public sealed class DeviceTests
{
    private readonly FakeLedger _ledger = new();
    private readonly FakeDownlink _downlink = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task OpenSession_First_IsOnline()
    {
        var sut = CreateSut();

        var opening = await sut.OpenSessionAsync(Requests.Session());

        opening.Status.ShouldBe(SessionOpeningStatus.Opened);
        var presence = await sut.GetPresenceAsync();
        presence.Online.ShouldBeTrue();
        presence.SessionEpoch.ShouldBe(opening.SessionEpoch);
        presence.AgentVersion.ShouldBe("agent 1");
        presence.LastSeen.ShouldBe(_time.GetUtcNow());
        _downlink.Superseded.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenSession_WhileOneIsOpen_EndsTheOlderAndFencesItsCalls()
    {
        var sut = CreateSut();
        var olderRequest = Requests.Session();
        var older = await sut.OpenSessionAsync(olderRequest);

        var newer = await sut.OpenSessionAsync(Requests.Session());

        _downlink.Superseded.ShouldBe([(olderRequest.Address, newer.SessionEpoch)]);
        (await sut.AdmitAsync(older.SessionEpoch, Guid.NewGuid())).ShouldBe(Admission.StaleSession);
        await sut.CloseSessionAsync(older.SessionEpoch);
        (await sut.GetPresenceAsync()).SessionEpoch.ShouldBe(newer.SessionEpoch);
    }

    [Fact]
    public async Task InstallReplaced_SessionOfTheOneBefore_EndsAtOnce()
    {
        var sut = CreateSut();
        var request = Requests.Session();
        var opening = await sut.OpenSessionAsync(request);
        var newInstall = Guid.NewGuid();

        await sut.InstallReplacedAsync(request.InstallId);
        _downlink.Replaced.ShouldBeEmpty();
        await sut.InstallReplacedAsync(newInstall);

        _downlink.Replaced.ShouldBe([(request.Address, newInstall)]);
        (await sut.GetPresenceAsync()).Online.ShouldBeFalse();
        (await sut.AdmitAsync(opening.SessionEpoch, Guid.NewGuid())).ShouldBe(Admission.StaleSession);
    }

    [Theory]
    [InlineData(SessionOpeningStatus.HeldByOtherInstall)]
    [InlineData(SessionOpeningStatus.Unavailable)]
    public async Task OpenSession_Refused_LeavesTheOpenOneAlone(SessionOpeningStatus status)
    {
        var sut = CreateSut();
        var open = await sut.OpenSessionAsync(Requests.Session());
        _ledger.Refusal = SessionOpening.Refused(status, "no");

        var opening = await sut.OpenSessionAsync(Requests.Session());

        opening.Status.ShouldBe(status);
        _downlink.Superseded.ShouldBeEmpty();
        (await sut.GetPresenceAsync()).SessionEpoch.ShouldBe(open.SessionEpoch);
    }

    [Fact]
    public async Task Admit_NinthOpen_IsTooMany_UntilOneIsReceivedOrAnswered()
    {
        var sut = CreateSut();
        var epoch = (await sut.OpenSessionAsync(Requests.Session())).SessionEpoch;
        var ids = Enumerable.Range(0, DeviceLimits.OpenUtterances).Select(_ => Guid.NewGuid()).ToList();
        foreach (var id in ids)
        {
            (await sut.AdmitAsync(epoch, id)).ShouldBe(Admission.Admitted);
        }

        (await sut.AdmitAsync(epoch, Guid.NewGuid())).ShouldBe(Admission.TooManyOpen);

        await sut.UtteranceReceivedAsync(epoch, ids[0]);
        (await sut.AdmitAsync(epoch, Guid.NewGuid())).ShouldBe(Admission.Admitted);
        await sut.UtteranceAnsweredAsync(epoch, ids[1], UtteranceOutcome.Rejected);
        (await sut.AdmitAsync(epoch, Guid.NewGuid())).ShouldBe(Admission.Admitted);
    }

    [Fact]
    public async Task Admit_SameUtterance_IsInFlightUntilItIsAnswered()
    {
        var sut = CreateSut();
        var epoch = (await sut.OpenSessionAsync(Requests.Session())).SessionEpoch;
        var id = Guid.NewGuid();
        await sut.AdmitAsync(epoch, id);

        (await sut.AdmitAsync(epoch, id)).ShouldBe(Admission.AlreadyInFlight);
        await sut.UtteranceReceivedAsync(epoch, id);
        (await sut.AdmitAsync(epoch, id)).ShouldBe(Admission.AlreadyInFlight);
        (await sut.GetPresenceAsync()).CommittingUtterances.ShouldBe(1);
        await sut.UtteranceAnsweredAsync(epoch, id, UtteranceOutcome.Stored);

        (await sut.AdmitAsync(epoch, id)).ShouldBe(Admission.Admitted);
        (await sut.GetPresenceAsync()).Counters.Stored.ShouldBe(1);
    }

    [Fact]
    public async Task CloseSession_Current_ClearsWhatWasInFlight()
    {
        var sut = CreateSut();
        var epoch = (await sut.OpenSessionAsync(Requests.Session())).SessionEpoch;
        await sut.AdmitAsync(epoch, Guid.NewGuid());

        await sut.CloseSessionAsync(epoch);

        var presence = await sut.GetPresenceAsync();
        presence.Online.ShouldBeFalse();
        presence.OpenUtterances.ShouldBe(0);
        presence.LastSeen.ShouldNotBeNull();
    }

    [Fact]
    public async Task Report_OfCurrentSession_IsKeptWithTheTime()
    {
        var sut = CreateSut();
        var epoch = (await sut.OpenSessionAsync(Requests.Session())).SessionEpoch;
        _time.Advance(TimeSpan.FromMinutes(1));
        var report = new DeviceReport(2, 64_000, ["microphone-silent"], 7);

        await sut.ReportAsync(epoch, report);
        await sut.ReportAsync(epoch - 1, new DeviceReport(0, 0, [], 0));

        var presence = await sut.GetPresenceAsync();
        presence.Report.ShouldBe(report);
        presence.LastSeen.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public async Task SettingsApplied_WithFault_KeepsTheVersionBefore()
    {
        var sut = CreateSut();
        var epoch = (await sut.OpenSessionAsync(Requests.Session())).SessionEpoch;
        await sut.SettingsAppliedAsync(epoch, 3, "");

        await sut.SettingsAppliedAsync(epoch, 4, "unknown option");

        (await sut.GetPresenceAsync()).SettingsVersionApplied.ShouldBe(3UL);
    }

    [Fact]
    public async Task DeliverTranscript_GoesToTheSessionThatIsOpenNow()
    {
        var sut = CreateSut();
        (await sut.DeliverTranscriptAsync(Requests.Transcript())).ShouldBeFalse();
        await sut.OpenSessionAsync(Requests.Session());
        var newer = Requests.Session();
        await sut.OpenSessionAsync(newer);

        (await sut.DeliverTranscriptAsync(Requests.Transcript())).ShouldBeTrue();

        _downlink.Transcripts.ShouldHaveSingleItem().Address.ShouldBe(newer.Address);
        _downlink.IsStreamThere = false;
        (await sut.DeliverTranscriptAsync(Requests.Transcript())).ShouldBeFalse();
        (await sut.GetPresenceAsync()).Counters.TranscriptsDelivered.ShouldBe(1);
    }

    [Fact]
    public async Task OpenSession_SameStreamAgain_DoesNotEndItself()
    {
        var sut = CreateSut();
        var request = Requests.Session();
        var first = await sut.OpenSessionAsync(request);

        var second = await sut.OpenSessionAsync(request);

        second.SessionEpoch.ShouldBeGreaterThan(first.SessionEpoch);
        _downlink.Superseded.ShouldBeEmpty();
        (await sut.AdmitAsync(second.SessionEpoch, Guid.NewGuid())).ShouldBe(Admission.Admitted);
    }

    [Fact]
    public async Task ResumeSession_AfterAnotherActivationOpenedIt_GoesOnWithoutANewEpoch()
    {
        _ledger.Epoch = 7;
        var sut = CreateSut();
        (await sut.AdmitAsync(7, Guid.NewGuid())).ShouldBe(Admission.UnknownSession);
        (await sut.ReportAsync(7, new DeviceReport(0, 0, [], 1))).ShouldBe(SessionStanding.Unknown);
        (await sut.UtteranceAnsweredAsync(7, Guid.NewGuid(), UtteranceOutcome.Stored)).ShouldBe(SessionStanding.Unknown);
        var address = Requests.Session().Address;

        (await sut.ResumeSessionAsync(new SessionResumption(7, address, Guid.NewGuid(), "agent 1"))).ShouldBe(SessionStanding.Current);

        (await sut.AdmitAsync(7, Guid.NewGuid())).ShouldBe(Admission.Admitted);
        (await sut.DeliverTranscriptAsync(Requests.Transcript())).ShouldBeTrue();
        _downlink.Transcripts.ShouldHaveSingleItem().Address.ShouldBe(address);
        (await sut.GetPresenceAsync()).Online.ShouldBeTrue();
        _ledger.Epoch.ShouldBe(7);
    }

    [Fact]
    public async Task ResumeSession_DatabaseKnowsANewerOne_IsSuperseded()
    {
        _ledger.Epoch = 8;
        var sut = CreateSut();

        (await sut.ResumeSessionAsync(new SessionResumption(7, Requests.Session().Address, Guid.NewGuid(), ""))).ShouldBe(SessionStanding.Superseded);

        (await sut.GetPresenceAsync()).Online.ShouldBeFalse();
    }

    [Fact]
    public async Task ResumeSession_DatabaseAway_IsTriedAgainLater()
    {
        _ledger.Epoch = 7;
        _ledger.IsAway = true;
        var sut = CreateSut();
        var resumption = new SessionResumption(7, Requests.Session().Address, Guid.NewGuid(), "");
        (await sut.ResumeSessionAsync(resumption)).ShouldBe(SessionStanding.Unavailable);
        _ledger.IsAway = false;

        (await sut.ResumeSessionAsync(resumption)).ShouldBe(SessionStanding.Current);
    }

    [Fact]
    public async Task ResumeSession_OfAClosedOne_DoesNotBringItBack()
    {
        _ledger.Epoch = 7;
        var sut = CreateSut();
        await sut.CloseSessionAsync(7);

        (await sut.ResumeSessionAsync(new SessionResumption(7, Requests.Session().Address, Guid.NewGuid(), ""))).ShouldBe(SessionStanding.Superseded);

        (await sut.AdmitAsync(7, Guid.NewGuid())).ShouldBe(Admission.StaleSession);
        (await sut.GetPresenceAsync()).Online.ShouldBeFalse();
    }

    private Device CreateSut() => new("pi", _ledger, _downlink, _time);
}
