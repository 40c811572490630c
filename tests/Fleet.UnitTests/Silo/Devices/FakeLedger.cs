using Fleet.Contracts.Actors;
using Fleet.Silo.Devices;

namespace Fleet.UnitTests.Silo.Devices;

internal sealed class FakeLedger : ISessionLedger
{
    private long _epoch;

    /// <summary>The database's newest epoch; another activation may have counted it up.</summary>
    public long Epoch
    {
        get => _epoch;
        set => _epoch = value;
    }

    public bool IsAway { get; set; }

    public SessionOpening? Refusal { get; set; }

    /// <summary>What an opening waits for, when set.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask<SessionOpening> OpenAsync(string deviceId, SessionRequest request)
    {
        await Gate;
        return Refusal ?? SessionOpening.Opened(++_epoch, settingsVersion: 0);
    }

    public ValueTask<SessionStanding> FindStandingAsync(string deviceId, long sessionEpoch) => ValueTask.FromResult(
        IsAway ? SessionStanding.Unavailable : sessionEpoch == _epoch ? SessionStanding.Current : SessionStanding.Superseded);
}
