using Fleet.Silo.Testing;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.Silo;

/// <summary>The silo's own process dies between two steps: afterwards every utterance is stored once and transcribed once.</summary>
public sealed class FaultPointTests : SiloTestBase, IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-fault-point-").FullName;
    private readonly Guid _install = Guid.NewGuid();
    private readonly List<(Guid Id, byte[] Pcm)> _said = [];
    private readonly Guid _lost = NewId();

    // The steps around the ack and around the result, where the promise is kept or broken; the others take as long and are for --all.
    private static readonly string[] _atTheHeart =
        [FaultPoint.BeforeCommit, FaultPoint.AfterCommitBeforeAck, FaultPoint.AfterStoreBeforeQueue, FaultPoint.AfterWriteBeforeNotice];

    public static TheoryData<string> Heart => new(_atTheHeart);

    public static TheoryData<string> Others => new(FaultPoint.Names.Except(_atTheHeart));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresTheory]
    [MemberData(nameof(Heart))]
    public Task Kill_AtThePoint_EveryUtteranceIsStoredOnceAndTranscribedOnce(string point) => KillAsync(point);

    [LongPostgresTheory]
    [MemberData(nameof(Others))]
    public Task Kill_AtAnyOtherPoint_EveryUtteranceIsStoredOnceAndTranscribedOnce(string point) => KillAsync(point);

    private async Task KillAsync(string point)
    {
        for (var i = 0; i < 3; i++)
        {
            _said.Add((NewId(), TestDevice.Pcm(3_200 * (i + 2), i)));
        }

        if (point.StartsWith("stop.", StringComparison.Ordinal))
        {
            // So that there is something to give back.
            Scorer.Answer = _ => Task.FromResult(new ScorerReply(503, ""));
        }

        await using (var first = Start(point))
        {
            await using var device = await ConnectAsync(first);
            await ProvokeAsync(point, first, device);
            await first.WaitForLineAsync($"Fault point {point}: the silo is killed.", _patience);
            (await first.WaitForExitAsync(_patience)).ShouldNotBe(0);
        }

        // One of them waits for the lease to end by itself; the others have no new to show by that.
        if (point != FaultPoint.BeforeCall)
        {
            await QueryAsync("UPDATE silos SET lease_until = clock_timestamp()");
        }

        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, $"heard {call.Pcm.Length} bytes"));
        await using var second = Start(null);
        await using var again = await ConnectAsync(second);
        await SendWhatIsMissingAsync(again);

        await EventuallyAsync(
            async () => await QueryAsync("SELECT count(*) FROM utterances WHERE status = 2") is 3L, "all three have a transcript", _patience);
        (await QueryAsync("SELECT count(*) FROM utterances")).ShouldBe(4L);
        (await QueryAsync($"SELECT status FROM utterances WHERE utterance_id = '{_lost}'")).ShouldBe((short)UtteranceStatus.Lost);
        foreach (var (id, pcm) in _said)
        {
            (await QueryAsync($"SELECT text FROM utterances WHERE utterance_id = '{id}'")).ShouldBe($"heard {pcm.Length} bytes");
            (await QueryAsync($"SELECT pcm FROM utterance_audio WHERE utterance_id = '{id}'")).ShouldBe(pcm);
        }

        (await second.StopAsync(_patience)).ShouldBe(0);
    }

    [PostgresFact]
    public async Task ListOfNames_IsPrinted_AndAnUnknownOneStopsTheStart()
    {
        await using var list = TestProgram.Start("Fleet.Silo", ["--list-fault-points"]);
        (await list.WaitForExitAsync()).ShouldBe(0);
        await using var wrong = Start("ingest.before-lunch");
        (await wrong.WaitForExitAsync()).ShouldBe(1);

        list.Lines.ShouldBe(FaultPoint.Names);
        wrong.Lines.ShouldHaveSingleItem().ShouldContain("--list-fault-points");
    }

    private async Task ProvokeAsync(string point, TestProgram silo, TestDevice device)
    {
        try
        {
            if (point == FaultPoint.AfterPark)
            {
                var (id, pcm) = _said[0];
                await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(id) });
                await device.SendChunkAsync(id, 0, pcm.AsMemory(0, 3_200));
                await device.BeatAsync(1);
                await device.DisposeAsync();
                return;
            }

            await device.SendAsync(new DeviceMessage { UtteranceLost = device.NewLoss(_lost) });
            foreach (var (id, pcm) in _said)
            {
                await device.SendUtteranceAsync(pcm, id);
            }

            if (point.StartsWith("stop.", StringComparison.Ordinal))
            {
                await device.NextAsync(CloudMessage.KindOneofCase.UtteranceStored);
                silo.Process.Signal(Fleet.Cli.Local.Processes.UnixSignal.Terminate);
            }
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            // It was killed while this was sent.
        }
    }

    private async Task SendWhatIsMissingAsync(TestDevice device)
    {
        var points = await device.AskAsync([.. _said.Select(said => said.Id)]);
        foreach (var (id, pcm) in _said.Where((_, i) => !points[i].Stored))
        {
            await device.SendUtteranceAsync(pcm, id);
            await StoredAsync(device, id, mayBeDuplicate: false);
        }

        await device.SendAsync(new DeviceMessage { UtteranceLost = device.NewLoss(_lost) });
        await StoredAsync(device, _lost, mayBeDuplicate: true);
    }

    private static async Task StoredAsync(TestDevice device, Guid id, bool mayBeDuplicate)
    {
        var stored = (await device.NextAsync(CloudMessage.KindOneofCase.UtteranceStored)).UtteranceStored;
        stored.UtteranceId.ShouldBe(id.ToString("D"));
        (stored.Duplicate && !mayBeDuplicate).ShouldBeFalse();
    }

    private async Task<TestDevice> ConnectAsync(TestProgram silo)
    {
        const string Listening = "Now listening on: ";
        await silo.WaitForLineAsync("is ready", _patience);
        var line = await silo.WaitForLineAsync(Listening, _patience);
        var address = line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim();
        var key = (await File.ReadAllTextAsync(Path.Combine(_folder, "join.key"))).Trim();
        var device = new TestDevice(new DeviceIngest.DeviceIngestClient(GrpcChannel.ForAddress(address)), key, "pi-killed", _install);
        await device.ConnectAsync();
        return device;
    }

    private TestProgram Start(string? point) => TestProgram.Start("Fleet.Silo", environment: new Dictionary<string, string?>
    {
        [FaultPoint.Variable] = point,
        ["Fleet__Database__ConnectionString"] = Database.OwnerConnectionString,
        ["Fleet__Database__SiloLeaseSeconds"] = "5",
        ["Fleet__Grpc__Listen"] = "127.0.0.1:0",
        ["Fleet__Http__Listen"] = "127.0.0.1:0",
        ["Fleet__Credentials__JoinKeyFile"] = Path.Combine(_folder, "join.key"),
        ["Fleet__Credentials__ApiKeyFile"] = Path.Combine(_folder, "api.key"),
        ["Fleet__Scoring__Endpoint"] = Scorer.Endpoint.ToString(),
        ["Fleet__Scoring__SweepIntervalMs"] = "300",
        ["Fleet__Scoring__MaxBackOffMs"] = "200",
        ["Fleet__Silo__LockWaitSeconds"] = "20",
        ["Fleet__Silo__DrainSeconds"] = "1",
        ["Fleet__Silo__FlushSeconds"] = "2",
    });

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
