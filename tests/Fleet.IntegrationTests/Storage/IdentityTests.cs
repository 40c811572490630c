using Fleet.Storage;
using Fleet.Testing;
using Kind = Fleet.V1.IdentityConflict.Types.Kind;

namespace Fleet.IntegrationTests.Storage;

/// <summary>Two machines with one identity are told apart and listed; one of them goes on undisturbed.</summary>
public sealed class IdentityTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task OpenSessionAsync_SameInstall_TakesOverWithTheSameAndWithANewBoot()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid boot = Guid.NewGuid();

        (await OpenAsync(host, "pi-1", boot)).ShouldBeOfType<SessionOpened>().Epoch.ShouldBe(1);
        (await OpenAsync(host, "pi-1", boot)).ShouldBeOfType<SessionOpened>().Epoch.ShouldBe(2);
        (await OpenAsync(host, "pi-1", Guid.NewGuid())).ShouldBeOfType<SessionOpened>().Epoch.ShouldBe(3);
        (await host.Devices.ListConflictsAsync()).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task OpenSessionAsync_OlderBootAfterANewerOne_IsACopyAndTheNewerOneStays()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid older = Guid.NewGuid();
        Guid newer = Guid.NewGuid();
        await OpenAsync(host, "pi-1", older);
        long epoch = (await OpenAsync(host, "pi-1", newer)).ShouldBeOfType<SessionOpened>().Epoch;

        OpenSessionResult copy = await OpenAsync(host, "pi-1", older, "10.0.0.7");
        await OpenAsync(host, "pi-1", older, "10.0.0.8");

        copy.ShouldBeOfType<CopiedInstall>().InstallId.ShouldBe(StorageHost.Install("pi-1"));
        await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
        IdentityConflict conflict = (await host.Devices.ListConflictsAsync()).ShouldHaveSingleItem();
        (conflict.DeviceId, conflict.Kind, conflict.InstallId, conflict.BootId).ShouldBe(("pi-1", Kind.CopiedInstall, StorageHost.Install("pi-1"), older));
        (conflict.AgentVersion, conflict.Peer, conflict.Attempts).ShouldBe(("test", "10.0.0.8", 2));
        conflict.LastSeen.ShouldBeGreaterThan(conflict.FirstSeen);
        (await OpenAsync(host, "pi-1", newer)).ShouldBeOfType<SessionOpened>();
        (await OpenAsync(host, "pi-1", Guid.NewGuid())).ShouldBeOfType<SessionOpened>();
    }

    [PostgresFact]
    public async Task OpenSessionAsync_OtherInstalls_AreListedTheNewestOfThem()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await OpenAsync(host, "pi-1", Guid.NewGuid());
        Guid last = Guid.Empty;

        for (int i = 0; i < 20; i++)
        {
            last = Guid.NewGuid();
            (await host.Devices.OpenSessionAsync("pi-1", last, Guid.NewGuid(), "half \uD83D", "nul\0")).ShouldBeOfType<HeldByOtherInstall>();
        }

        IReadOnlyList<IdentityConflict> conflicts = await host.Devices.ListConflictsAsync();
        conflicts.Count.ShouldBe(16);
        conflicts.ShouldAllBe(conflict => conflict.Kind == Kind.OtherInstall && conflict.Attempts == 1);
        conflicts[0].InstallId.ShouldBe(last);
        (await host.Devices.GetAsync("pi-1")).ShouldNotBeNull().SessionEpoch.ShouldBe(1);
        (await host.ScalarAsync<long>("SELECT count(*) FROM installs")).ShouldBe(1);
        (await host.ScalarAsync<long>("SELECT count(*) FROM install_boots")).ShouldBe(1);
    }

    [PostgresFact]
    public async Task OpenSessionAsync_HundredsOfBoots_TheNewestAreRemembered()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid[] boots = [.. Enumerable.Range(0, 80).Select(_ => Guid.NewGuid())];

        foreach (Guid boot in boots)
        {
            (await OpenAsync(host, "pi-1", boot)).ShouldBeOfType<SessionOpened>();
        }

        (await host.ScalarAsync<long>("SELECT count(*) FROM install_boots")).ShouldBe(64);
        (await OpenAsync(host, "pi-1", boots[20])).ShouldBeOfType<CopiedInstall>();
        (await OpenAsync(host, "pi-1", boots[^1])).ShouldBeOfType<SessionOpened>();
    }

    [PostgresFact]
    public async Task OpenSessionAsync_TwoMachinesAtOnce_OneOfThemHoldsIt()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid[] installs = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];

        OpenSessionResult[] results = await Task.WhenAll(
            installs.Select(install => host.Devices.OpenSessionAsync("pi-1", install, Guid.NewGuid(), "test", "test"))).WaitAsync(StorageHost.Deadline);

        results.OfType<SessionOpened>().Count().ShouldBe(1);
        results.OfType<HeldByOtherInstall>().Count().ShouldBe(2);
        (await host.Devices.ListConflictsAsync()).Count.ShouldBe(2);
    }

    [PostgresFact]
    public async Task ReplaceInstallAsync_TheNewOneIsTheDeviceTheOldOneIsRefused()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid boot = Guid.NewGuid();
        long epoch = (await OpenAsync(host, "pi-1", boot)).ShouldBeOfType<SessionOpened>().Epoch;
        Guid other = Guid.NewGuid();
        await host.Devices.OpenSessionAsync("pi-1", other, Guid.NewGuid(), "test", "test");

        (await host.Devices.ReplaceInstallAsync("pi-1", other)).ShouldBeTrue();

        // Its session can no longer write, and it gets no other; it is the one that is listed.
        (await host.Utterances.StoreAsync([StorageHost.Utterance("pi-1", epoch, _now)], host.Silo)).Single().Outcome.ShouldBe(StoreOutcome.Fenced);
        (await OpenAsync(host, "pi-1", boot)).ShouldBeOfType<HeldByOtherInstall>().InstallId.ShouldBe(other);
        (await host.Devices.ListConflictsAsync()).ShouldHaveSingleItem().InstallId.ShouldBe(StorageHost.Install("pi-1"));
        (await host.Devices.OpenSessionAsync("pi-1", other, Guid.NewGuid(), "test", "test")).ShouldBeOfType<SessionOpened>().NewDevice.ShouldBeFalse();

        // And back again: the same start of the first one is not a copy of itself.
        await host.Devices.ReplaceInstallAsync("pi-1", StorageHost.Install("pi-1"));
        (await OpenAsync(host, "pi-1", boot)).ShouldBeOfType<SessionOpened>();
    }

    [PostgresFact]
    public async Task ReplaceInstallAsync_UnknownDeviceOrTheSameInstall_ChangesNothing()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        Guid boot = Guid.NewGuid();
        long epoch = (await OpenAsync(host, "pi-1", boot)).ShouldBeOfType<SessionOpened>().Epoch;

        (await host.Devices.ReplaceInstallAsync("never-seen", Guid.NewGuid())).ShouldBeFalse();
        (await host.Devices.ReplaceInstallAsync("pi-1", StorageHost.Install("pi-1"))).ShouldBeTrue();

        await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, _now));
        (await host.ScalarAsync<long>("SELECT count(*) FROM installs")).ShouldBe(1);
    }

    private static Task<OpenSessionResult> OpenAsync(StorageHost host, string deviceId, Guid boot, string peer = "test") =>
        host.Devices.OpenSessionAsync(deviceId, StorageHost.Install(deviceId), boot, "test", peer);
}
