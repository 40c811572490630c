using Fleet.Contracts.Actors;
using Fleet.Silo.Devices;

namespace Fleet.UnitTests.Silo.Devices;

internal sealed class FakeLedger : ISessionLedger
{
    private long _epoch;

    public SessionOpening? Refusal { get; set; }

    /// <summary>What an opening waits for, when set.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask<SessionOpening> OpenAsync(string deviceId, SessionRequest request)
    {
        await Gate;
        return Refusal ?? SessionOpening.Opened(++_epoch, settingsVersion: 0);
    }
}
