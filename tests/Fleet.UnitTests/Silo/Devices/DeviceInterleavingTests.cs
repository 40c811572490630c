using Fleet.Contracts.Actors;
using Fleet.Silo.Devices;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Silo.Devices;

/// <summary>
/// Several sessions of one device call its actor in any order, and the actor dies and is activated anew in between: its rules hold after each call.
/// A failure names the seed.
/// </summary>
public sealed class DeviceInterleavingTests
{
    private const int Seeds = 200;
    private const int Steps = 300;

    [Fact]
    public async Task Calls_InAnyOrder_KeepTheRules()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            try
            {
                await new Run(seed).PlayAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }

    /// <summary>What the actor should know, written as simply as can be.</summary>
    private sealed class Run
    {
        private readonly Random _random;
        private readonly FakeLedger _ledger = new();
        private readonly FakeDownlink _downlink = new();
        private Device _sut;
        private readonly List<(SessionAddress Address, long Epoch)> _sessions = [];
        private readonly HashSet<Guid> _open = [];
        private readonly HashSet<Guid> _committing = [];
        private readonly List<Guid> _ids = [.. Enumerable.Range(0, 12).Select(_ => Guid.NewGuid())];
        private (SessionAddress Address, long Epoch)? _current;
        private int _answers;
        private int _superseded;
        private long _known;
        private int _opened;

        public Run(int seed)
        {
            _random = new Random(seed);
            _sut = new Device("pi", _ledger, _downlink, new FakeTimeProvider());
        }

        public async Task PlayAsync()
        {
            for (var step = 0; step < Steps; step++)
            {
                var id = _ids[_random.Next(_ids.Count)];
                // Any session that ever was may still call: its messages were on their way.
                var epoch = _sessions.Count == 0 ? 1 : _sessions[_random.Next(_sessions.Count)].Epoch;
                if (_random.Next(2) == 0 && _current is { } now)
                {
                    epoch = now.Epoch;
                }

                await StepAsync(_random.Next(24), epoch, id);
                await CheckAsync();
            }
        }

        private async Task StepAsync(int what, long epoch, Guid id)
        {
            var isCurrent = _current?.Epoch == epoch;
            switch (what)
            {
                case 0:
                    await OpenAsync();
                    break;
                case 1:
                    _ledger.Refusal = SessionOpening.Refused(
                        _random.Next(2) == 0 ? SessionOpeningStatus.CopiedInstall : SessionOpeningStatus.Unavailable, "no");
                    (await _sut.OpenSessionAsync(Requests.Session())).Status.ShouldNotBe(SessionOpeningStatus.Opened);
                    _ledger.Refusal = null;
                    break;
                case 2:
                    await _sut.CloseSessionAsync(epoch);
                    if (epoch >= _known)
                    {
                        _known = epoch;
                        Forget(null);
                    }

                    break;
                case < 10:
                    await AdmitAsync(epoch, id, isCurrent);
                    break;
                case < 14:
                    await _sut.UtteranceReceivedAsync(epoch, id);
                    if (isCurrent && _open.Remove(id))
                    {
                        _committing.Add(id);
                    }

                    break;
                case < 18:
                    await _sut.UtteranceAnsweredAsync(epoch, id, (UtteranceOutcome)_random.Next(3));
                    _answers++;
                    if (isCurrent)
                    {
                        _open.Remove(id);
                        _committing.Remove(id);
                    }

                    break;
                case 18:
                    (await _sut.ReportAsync(epoch, new DeviceReport(0, 0, [], (ulong)epoch, (ulong)epoch))).ShouldBe(StandingOf(epoch));
                    break;
                case 20:
                    _sut = new Device("pi", _ledger, _downlink, new FakeTimeProvider());
                    (_known, _opened, _answers) = (0, 0, 0);
                    Forget(null);
                    break;
                case 21 or 22:
                    await ResumeAsync(epoch);
                    break;
                case 19:
                    await _sut.InstallReplacedAsync(Guid.NewGuid());
                    if (_current is { } replaced)
                    {
                        _downlink.Replaced[^1].Address.ShouldBe(replaced.Address);
                        Forget(null);
                    }

                    break;
                default:
                    (await _sut.DeliverTranscriptAsync(Requests.Transcript())).ShouldBe(_current is not null);
                    if (_current is { } session)
                    {
                        _downlink.Transcripts[^1].Address.ShouldBe(session.Address);
                    }

                    break;
            }
        }

        private async Task OpenAsync()
        {
            var request = Requests.Session();
            var opening = await _sut.OpenSessionAsync(request);
            _sessions.ShouldAllBe(session => session.Epoch < opening.SessionEpoch);
            if (_current is { } older)
            {
                _superseded++;
                _downlink.Superseded[^1].ShouldBe((older.Address, opening.SessionEpoch));
            }

            _sessions.Add((request.Address, opening.SessionEpoch));
            _known = opening.SessionEpoch;
            _opened++;
            Forget(_sessions[^1]);
        }

        private async Task AdmitAsync(long epoch, Guid id, bool isCurrent)
        {
            var expected = StandingOf(epoch) == SessionStanding.Unknown ? Admission.UnknownSession
                : !isCurrent ? Admission.StaleSession
                : _open.Contains(id) || _committing.Contains(id) ? Admission.AlreadyInFlight
                : _open.Count == DeviceLimits.OpenUtterances ? Admission.TooManyOpen
                : Admission.Admitted;
            (await _sut.AdmitAsync(epoch, id)).ShouldBe(expected);
            if (expected == Admission.Admitted)
            {
                _open.Add(id);
            }
        }

        // The newest session that was opened is the device's, whichever activation opened it; one that this activation knows to be over stays over.
        private async Task ResumeAsync(long epoch)
        {
            var address = _sessions.Find(session => session.Epoch == epoch).Address ?? Requests.Session().Address;
            var expected = StandingOf(epoch);
            if (expected == SessionStanding.Unknown)
            {
                expected = epoch == _ledger.Epoch ? SessionStanding.Current : SessionStanding.Superseded;
            }

            var resumes = expected == SessionStanding.Current && _current?.Epoch != epoch;
            (await _sut.ResumeSessionAsync(new SessionResumption(epoch, address, Guid.NewGuid(), "agent 1"))).ShouldBe(expected);
            if (resumes)
            {
                _superseded += _current is null ? 0 : 1;
                _known = epoch;
                Forget((address, epoch));
            }
        }

        private SessionStanding StandingOf(long epoch) =>
            _current?.Epoch == epoch ? SessionStanding.Current : epoch > _known ? SessionStanding.Unknown : SessionStanding.Superseded;

        private async Task CheckAsync()
        {
            var presence = await _sut.GetPresenceAsync();
            presence.Online.ShouldBe(_current is not null);
            presence.SessionEpoch.ShouldBe(_current?.Epoch ?? 0);
            presence.OpenUtterances.ShouldBe(_open.Count);
            presence.CommittingUtterances.ShouldBe(_committing.Count);
            (presence.Counters.Stored + presence.Counters.Duplicates + presence.Counters.Rejected).ShouldBe(_answers);
            presence.Counters.Sessions.ShouldBe(_opened);
            // What a session reported that is not the newest one is not heard.
            presence.Numbers?.SessionEpoch.ShouldBeLessThanOrEqualTo(_known);
            _downlink.Superseded.Count.ShouldBe(_superseded);
        }

        private void Forget((SessionAddress Address, long Epoch)? current)
        {
            _current = current;
            _open.Clear();
            _committing.Clear();
        }
    }
}
