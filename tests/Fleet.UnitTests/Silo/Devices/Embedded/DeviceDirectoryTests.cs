using Fleet.Contracts.Actors;
using Fleet.Silo.Devices.Embedded;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Silo.Devices.Embedded;

public sealed class DeviceDirectoryTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(15);

    private readonly FakeLedger _ledger = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Calls_ToOneDevice_RunOneAtATimeInOrder()
    {
        var gate = new TaskCompletionSource();
        _ledger.Gate = gate.Task;
        var sut = CreateSut();
        var opening = sut.GetDevice("pi").OpenSessionAsync(Requests.Session()).AsTask();

        var presence = sut.GetDevice("pi").GetPresenceAsync().AsTask();

        presence.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        (await opening.WaitAsync(_deadline)).Status.ShouldBe(SessionOpeningStatus.Opened);
        (await presence.WaitAsync(_deadline)).Online.ShouldBeTrue();
    }

    [Fact]
    public async Task Call_ThatThrows_IsItsCallersFaultOnly()
    {
        _ledger.Gate = Task.FromException(new InvalidOperationException("broken"));
        var sut = CreateSut();

        await Should.ThrowAsync<InvalidOperationException>(() => sut.GetDevice("pi").OpenSessionAsync(Requests.Session()).AsTask().WaitAsync(_deadline));

        (await sut.GetDevice("pi").GetPresenceAsync().AsTask().WaitAsync(_deadline)).Online.ShouldBeFalse();
    }

    [Fact]
    public async Task Deactivate_IdleWithoutSession_LetsGoAndMakesANewOneWhenCalled()
    {
        var sut = CreateSut();
        var device = sut.GetDevice("pi");
        var epoch = (await device.OpenSessionAsync(Requests.Session())).SessionEpoch;
        _time.Advance(_idle);
        sut.Deactivate(_idle).ShouldBe(0);
        await device.CloseSessionAsync(epoch);
        sut.Deactivate(_idle).ShouldBe(0);
        _time.Advance(_idle);

        await DeactivatedAsync(sut);

        (await device.GetPresenceAsync()).AgentVersion.ShouldBeEmpty();
        sut.ActiveCount.ShouldBe(1);
    }

    [Fact]
    public async Task ManyCallers_WhileDevicesAreLetGo_LoseNoCall()
    {
        var sut = CreateSut();
        using var stop = new CancellationTokenSource();
        var deactivating = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    sut.Deactivate(TimeSpan.Zero);
                }
            },
            CancellationToken.None);

        var callers = Enumerable.Range(0, 4).Select(async caller =>
        {
            for (var i = 0; i < 500; i++)
            {
                (await sut.GetDevice($"pi-{(caller + i) % 3}").GetPresenceAsync()).DeviceId.ShouldStartWith("pi-");
            }
        });
        await Task.WhenAll(callers).WaitAsync(_deadline);

        await stop.CancelAsync();
        await deactivating;
    }

    [Fact]
    public async Task Close_RunsWhatWasPostedThenRefuses()
    {
        var sut = CreateSut();
        await sut.GetDevice("pi").OpenSessionAsync(Requests.Session());

        await sut.CloseAsync().WaitAsync(_deadline);

        await Should.ThrowAsync<ObjectDisposedException>(() => sut.GetDevice("pi").GetPresenceAsync().AsTask().WaitAsync(_deadline));
    }

    private DeviceDirectory CreateSut() => new(_ledger, new FakeDownlink(), _time);

    // The pump counts a turn as finished a moment after its caller has the result.
    private static async Task DeactivatedAsync(DeviceDirectory sut)
    {
        using var late = new CancellationTokenSource(_deadline);
        while (sut.Deactivate(_idle) == 0)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
