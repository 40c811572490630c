using Fleet.IntegrationTests.Silo;
using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.IntegrationTests.Orleans;

/// <summary>Two silos, nothing breaks: devices on either of them are one fleet.</summary>
public sealed class TwoSilosTests : ClusterTestBase
{
    private static readonly string[] _troubles = ["warn: Fleet.", "fail:", "crit:"]; // Orleans warns of a slow machine.

    [PostgresFact]
    public async Task Devices_OnEitherSilo_AreOneFleet()
    {
        var (a, b) = await StartTwoAsync();
        await using var first = a;
        await using var second = b;

        await DevicesOnBoth_AreStoredTranscribedAndListedByEither(a, b);
        await Actor_OnTheOtherSilo_ReachesTheStream(a, b);
        await Device_ThatReconnectsElsewhere_EndsItsOlderStream(a, b);
        await Drain_OfOne_IsAskedOfTheOther(a, b);
        await Embedded_BesideThem_IsRefused();
        (await a.GetHealthAsync()).ShouldBe("ready\n");

        (await a.Program.StopAsync(ClusterSilo.Limit)).ShouldBe(0);
        (await b.Program.StopAsync(ClusterSilo.Limit)).ShouldBe(0);
        (await CountAsync("SELECT count(*) FROM orleans_members WHERE status = 6")).ShouldBe(2, "a silo that stops says so");
        var lines = a.Program.Lines.Concat(b.Program.Lines);
        lines.ShouldNotContain(line => _troubles.Any(trouble => line.StartsWith(trouble, StringComparison.Ordinal)), string.Join('\n', lines));
    }

    [PostgresFact]
    public async Task Silo_BesideAnEmbeddedOne_IsRefusedWithTheRemedy()
    {
        await using var embedded = NewSilo("alone", ("Fleet__Runtime", "embedded"));
        await embedded.StartAsync();
        await using var silo = NewSilo("second");

        silo.Launch();

        (await silo.Program.WaitForExitAsync(ClusterSilo.Limit)).ShouldBe(1);
        silo.Program.Lines.ShouldContain(line => line.Contains("An embedded silo runs on this database", StringComparison.Ordinal)
            && line.Contains("Fleet:Runtime=orleans", StringComparison.Ordinal));
    }

    private async Task DevicesOnBoth_AreStoredTranscribedAndListedByEither(ClusterSilo a, ClusterSilo b)
    {
        await using var one = a.NewDevice(JoinKey, "pi-1", Guid.NewGuid());
        await using var two = b.NewDevice(JoinKey, "pi-2", Guid.NewGuid());
        (await one.ConnectAsync()).Silo.ShouldBe("a");
        (await two.ConnectAsync()).Silo.ShouldBe("b");

        foreach (var device in new[] { one, two })
        {
            var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
            await device.StoredAsync(id);
            (await device.TranscriptAsync(id)).Text.ShouldBe("heard 6400 bytes");
        }

        foreach (var silo in new[] { a, b })
        {
            (await silo.ListOnlineAsync(ApiKey)).Select(device => device.DeviceId).ShouldBe(["pi-1", "pi-2"], ignoreOrder: true);
        }
    }

    private async Task Actor_OnTheOtherSilo_ReachesTheStream(ClusterSilo a, ClusterSilo b)
    {
        await using var device = await ConnectAcrossAsync(actor: a, stream: b, "pi-across");
        await device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 5, Health = { "microphone-silent" }, NextSequenceNumber = 1 } });
        (await device.NextAsync()).HeartbeatAck.Nonce.ShouldBe(5UL);
        for (var i = 0; i < 10; i++)
        {
            var id = await device.SendUtteranceAsync(TestDevice.Pcm(3_200, seed: i));
            await device.StoredAsync(id);
            (await device.TranscriptAsync(id)).Text.ShouldBe("heard 3200 bytes");
        }

        var listed = (await a.ListOnlineAsync(ApiKey)).Single(device => device.DeviceId == "pi-across");
        listed.Online.ShouldBeTrue();
    }

    private async Task Device_ThatReconnectsElsewhere_EndsItsOlderStream(ClusterSilo a, ClusterSilo b)
    {
        var install = Guid.NewGuid();
        await using var older = a.NewDevice(JoinKey, "pi-moves", install);
        var epoch = (await older.ConnectAsync()).SessionEpoch;
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await older.SendAsync(new DeviceMessage { UtteranceStart = older.NewStart(id) });
        await older.SendChunkAsync(id, 0, TestDevice.Pcm(3_200));

        await using var newer = b.NewDevice(JoinKey, "pi-moves", install);
        (await newer.ConnectAsync()).SessionEpoch.ShouldBeGreaterThan(epoch);

        (await older.EndAsync()).StatusCode.ShouldBe(StatusCode.Aborted);
        await newer.SendUtteranceAsync(TestDevice.Pcm(3_200), id);
        (await newer.StoredAsync(id)).Duplicate.ShouldBeFalse();
        (await newer.TranscriptAsync(id)).Text.ShouldBe("heard 3200 bytes");
    }

    private async Task Drain_OfOne_IsAskedOfTheOther(ClusterSilo a, ClusterSilo b)
    {
        var (api, headers) = (b.NewApi(), new Metadata { { "authorization", $"Bearer {ApiKey}" } });
        await using var device = a.NewDevice(JoinKey, "pi-drained", Guid.NewGuid());
        await device.ConnectAsync();
        var silos = (await api.ListSilosAsync(new ListSilosRequest(), headers)).Silos;
        silos.Select(silo => (silo.Name, silo.State)).ShouldBe([("a", SiloInfo.Types.State.Running), ("b", SiloInfo.Types.State.Running)]);
        silos[0].Sessions.ShouldBe(1u);
        silos[0].Address.ShouldNotBe(silos[1].Address);
        silos.ShouldAllBe(silo => silo.Version.Length > 0 && silo.LeaseUntilUnixMs > silo.StartedAtUnixMs);
        silos.ShouldAllBe(silo => silo.HasCpuPercent && silo.MemoryBytes > 20_000_000); // each says its own load
        silos.ShouldAllBe(silo => silo.Transcriber.Deployments.Single().Name == "default" && silo.Transcriber.Deployments.Single().Limit > 0);

        await api.DrainSiloAsync(new DrainSiloRequest { Name = "a" }, headers);

        await device.NextAsync(CloudMessage.KindOneofCase.Drain);
        (await api.ListSilosAsync(new ListSilosRequest(), headers)).Silos[0].State.ShouldBe(SiloInfo.Types.State.Drained);
        await using var late = a.NewDevice(JoinKey, "pi-late", Guid.NewGuid());
        (await Should.ThrowAsync<RpcException>(() => late.ConnectAsync())).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await a.GetHealthAsync()).ShouldBe("not ready: The silo is drained; connect to another one.\n");
        await api.DrainSiloAsync(new DrainSiloRequest { Name = "a", Undo = true }, headers);
        await late.ConnectAsync();
        (await Should.ThrowAsync<RpcException>(() => api.DrainSiloAsync(new DrainSiloRequest { Name = "c" }, headers).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private async Task Embedded_BesideThem_IsRefused()
    {
        await using var embedded = NewSilo("alone", ("Fleet__Runtime", "embedded"));
        embedded.Launch();

        (await embedded.Program.WaitForExitAsync(ClusterSilo.Limit)).ShouldBe(1);

        embedded.Program.Lines.ShouldContain(line => line.Contains("Another silo runs on this database", StringComparison.Ordinal)
            && line.Contains("Fleet:Runtime=orleans", StringComparison.Ordinal));
    }
}
