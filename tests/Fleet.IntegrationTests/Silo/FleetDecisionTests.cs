using Fleet.Storage;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.IntegrationTests.Silo;

/// <summary>What people decide by the fleet API, and what it accounts for.</summary>
public sealed class FleetDecisionTests : SiloTestBase
{
    [PostgresFact]
    public async Task Retry_OfAFailedUtterance_IsReallyTranscribedOnceMore()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var works = false;
        Scorer.Answer = call => Task.FromResult(
            Volatile.Read(ref works) || call.Pcm.Length != 6_400 ? ScorerReply.Text(call, "at last") : ScorerReply.Error(call, "not speech"));
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(id);
        (await device.TranscriptAsync(id)).Status.ShouldBe(UtteranceStatus.Failed);
        Volatile.Write(ref works, true);

        var retried = await silo.NewApi().RetryTranscriptsAsync(
            new RetryTranscriptsRequest { Utterances = { new UtteranceName { DeviceId = device.DeviceId, UtteranceId = id.ToString("D") } } }, silo.ApiHeaders());

        retried.Retried.ShouldBe(1UL);
        var transcript = await device.TranscriptAsync(id);
        (transcript.Status, transcript.Text).ShouldBe((UtteranceStatus.Transcribed, "at last"));
        (await silo.NewApi().RetryTranscriptsAsync(new RetryTranscriptsRequest(), silo.ApiHeaders())).Retried.ShouldBe(0UL);
    }

    [PostgresFact]
    public async Task Erase_SentAgain_StaysRefused()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var pcm = TestDevice.Pcm(6_400);
        var id = await device.SendUtteranceAsync(pcm);
        await device.StoredAsync(id);
        await device.TranscriptAsync(id);
        var api = silo.NewApi();
        var name = new UtteranceName { DeviceId = device.DeviceId, UtteranceId = id.ToString("D") };

        using var watch = api.WatchTranscripts(new WatchTranscriptsRequest(), silo.ApiHeaders());
        await watch.ResponseHeadersAsync;

        (await api.EraseUtterancesAsync(new EraseUtterancesRequest { Utterances = { name, name } }, silo.ApiHeaders())).Erased.ShouldBe(1UL);

        using (var late = new CancellationTokenSource(TimeSpan.FromSeconds(15)))
        {
            do
            {
                (await watch.ResponseStream.MoveNext(late.Token)).ShouldBeTrue();
            }
            while (watch.ResponseStream.Current.Erased is null);
            watch.ResponseStream.Current.Erased.ShouldBe(name);
            watch.ResponseStream.Current.Transcript.ShouldBeNull();
        }

        (await api.SearchTranscriptsAsync(new SearchTranscriptsRequest(), silo.ApiHeaders())).Transcripts.ShouldBeEmpty();
        using var audio = api.GetAudio(new GetAudioRequest { DeviceId = name.DeviceId, UtteranceId = name.UtteranceId }, silo.ApiHeaders());
        (await Should.ThrowAsync<RpcException>(() => audio.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.NotFound);
        await device.SendUtteranceAsync(pcm, id);
        var rejected = (await device.NextAsync()).UtteranceRejected;
        (rejected.Code, rejected.Retryable).ShouldBe((UtteranceRejected.Types.Code.Gone, false));
        (await api.EraseUtterancesAsync(new EraseUtterancesRequest { Utterances = { name } }, silo.ApiHeaders())).Erased.ShouldBe(0UL);
    }

    [PostgresFact]
    public async Task Conflicts_AreListedAndTheOperatorDecides()
    {
        await using var silo = await StartSiloAsync();
        await using var holder = silo.NewDevice();
        await holder.ConnectAsync();
        await using var stranger = silo.NewDevice(holder.DeviceId);
        await Should.ThrowAsync<RpcException>(() => stranger.ConnectAsync());
        var api = silo.NewApi();

        var conflict = (await api.ListIdentityConflictsAsync(new ListIdentityConflictsRequest(), silo.ApiHeaders())).Conflicts.ShouldHaveSingleItem();
        await api.ReplaceInstallAsync(
            new ReplaceInstallRequest { DeviceId = conflict.DeviceId, InstallId = conflict.InstallId }, silo.ApiHeaders());
        var end = await holder.EndAsync();
        var devices = await api.ListDevicesAsync(new ListDevicesRequest(), silo.ApiHeaders());
        await stranger.ConnectAsync();

        (conflict.Kind, conflict.InstallId).ShouldBe((V1.IdentityConflict.Types.Kind.OtherInstall, stranger.InstallId.ToString("D")));
        (conflict.AgentVersion, conflict.Attempts).ShouldBe(("test-device 1", 1UL));
        conflict.Peer.ShouldContain("127.0.0.1");
        conflict.FirstSeenUnixMs.ShouldBeGreaterThan(0);
        // It wrote nothing since, and is told all the same.
        end.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        end.Detail.ShouldContain(conflict.InstallId);
        devices.Devices.ShouldHaveSingleItem().Online.ShouldBeFalse();
        await using var again = silo.NewDevice(holder.DeviceId, holder.InstallId);
        (await Should.ThrowAsync<RpcException>(() => again.ConnectAsync())).StatusCode.ShouldBe(StatusCode.AlreadyExists);
    }

    [PostgresFact]
    public async Task Copy_OfARunningInstall_IsRefusedAndListed()
    {
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        var boot = Guid.NewGuid().ToString("D");
        await older.ConnectAsync(hello => hello.BootId = boot);
        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        await newer.ConnectAsync();

        await using var copy = silo.NewDevice(older.DeviceId, older.InstallId);
        var refusal = await Should.ThrowAsync<RpcException>(() => copy.ConnectAsync(hello => hello.BootId = boot));

        refusal.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        refusal.Status.Detail.ShouldContain("copy of this install");
        (await silo.NewApi().ListIdentityConflictsAsync(new ListIdentityConflictsRequest(), silo.ApiHeaders())).Conflicts.ShouldHaveSingleItem()
            .Kind.ShouldBe(V1.IdentityConflict.Types.Kind.CopiedInstall);
        var id = await newer.SendUtteranceAsync(TestDevice.Pcm(320));
        await newer.StoredAsync(id);
    }

    [PostgresFact]
    public async Task Devices_SayWhatBecameOfTheirNumbers()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Database:ReconcileIntervalSeconds"] = "1" });
        await using var device = silo.NewDevice();
        var epoch = (await device.ConnectAsync()).SessionEpoch;
        await device.StoredAsync(await device.SendUtteranceAsync(TestDevice.Pcm(320)));
        var store = silo.Services.GetRequiredService<UtteranceStore>();
        var now = TimeProvider.System.GetUtcNow();
        await store.StoreLossesAsync(
            [new NewLoss(device.DeviceId, Guid.CreateVersion7(now), epoch, 2, now, Clock.Server, Trigger.Vad, UtteranceLost.Types.Reason.SpoolFull, null, 0)]);

        // Heartbeats of the session may say less, and nothing goes backwards.
        await silo.Services.GetRequiredService<DeviceStore>().ReportNumbersAsync([new DeviceNumbers(device.DeviceId, epoch, 6, 4)]);

        DeviceInfo? info = null;
        await EventuallyAsync(
            async () =>
            {
                info = (await silo.NewApi().ListDevicesAsync(new ListDevicesRequest(), silo.ApiHeaders())).Devices.Single();
                return info.MissingUtterances > 0;
            },
            "number 3 is found to be missing");
        info.ShouldNotBeNull();
        (info.SpokenUtterances, info.StoredUtterances, info.LostUtterances, info.MissingUtterances).ShouldBe((5UL, 1UL, 1UL, 1UL));
        (await silo.NewApi().SearchTranscriptsAsync(new SearchTranscriptsRequest { Statuses = { UtteranceStatus.Lost } }, silo.ApiHeaders()))
            .Transcripts.ShouldHaveSingleItem().Clock.ShouldBe(Clock.Server);
        await EventuallyAsync(
            () => Task.FromResult(silo.Logs.Errors.Any(line => line.Contains("1 utterances below number 4 are missing", StringComparison.Ordinal))), "the log says it");
    }
}
