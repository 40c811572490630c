using System.Diagnostics;
using Fleet.Cli.Local.Processes;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;

namespace Fleet.IntegrationTests.Orleans;

/// <summary>Silos die while people talk: nothing is lost, nothing is there twice, and no stream ends that did not end at the silo that died.</summary>
public sealed class SiloDeathTests : ClusterTestBase
{
    [PostgresFact]
    public async Task ActorsSilo_KilledAndHung_StreamsElsewhereGoOn()
    {
        var (a, b) = await StartTwoAsync();
        await using var first = a;
        await using var second = b;
        await using var device = await ConnectAcrossAsync(actor: a, stream: b, "pi-killed");
        await using var other = await ConnectAcrossAsync(actor: a, stream: b, "pi-other");

        await TalkAsync(device, a.KillAsync);
        await TalkAsync(other, () => Task.CompletedTask);
        (await b.ListOnlineAsync(ApiKey)).Select(online => online.DeviceId).ShouldBe(["pi-killed", "pi-other"], ignoreOrder: true);

        var started = Stopwatch.GetTimestamp();
        await a.StartAsync();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(40), "a crash-restarted silo joins on its old ports");

        await using var hung = await ConnectAcrossAsync(actor: a, stream: b, "pi-hung");
        await TalkAsync(hung, () =>
        {
            a.Program.Process.Signal(UnixSignal.Stop);
            return Task.CompletedTask;
        });
        a.Program.Process.Signal(UnixSignal.Continue);
        // The others have gone on without it: it may not go on as if nothing were.
        (await a.Program.WaitForExitAsync(ClusterSilo.Limit)).ShouldBe(1);
        await hung.BeatAsync(99);

        (await CountAsync("SELECT count(*) FROM utterances")).ShouldBe(3 * Utterances);
        (await CountAsync("SELECT count(DISTINCT (device_id, sequence_number)) FROM utterances")).ShouldBe(3 * Utterances);
    }

    [PostgresFact]
    public async Task StreamsSilo_Killed_DeviceComesBackElsewhereAndItsRowsAreTakenUp()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Scorer.Answer = async call =>
        {
            await release.Task;
            return ScorerReply.Text(call, "heard");
        };
        var (a, b) = await StartTwoAsync();
        await using var first = a;
        await using var second = b;
        var install = Guid.NewGuid();
        await using var device = a.NewDevice(JoinKey, "pi-1", install);
        await device.ConnectAsync();
        var stored = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(stored);
        var begun = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(begun) });
        await device.SendChunkAsync(begun, 0, TestDevice.Pcm(3_200));

        await a.KillAsync();
        await using var back = b.NewDevice(JoinKey, "pi-1", install);
        // At once: the actor's silo is not known to be dead yet.
        await back.ConnectAsync();
        await back.SendUtteranceAsync(TestDevice.Pcm(3_200), begun);
        (await back.StoredAsync(begun)).Duplicate.ShouldBeFalse();
        release.SetResult();

        await EventuallyAsync(
            async () => await CountAsync("SELECT count(*) FROM utterances WHERE status = 2") == 2, "both are transcribed, the dead silo's by the other",
            ClusterSilo.Limit);
        var told = new HashSet<string>();
        while (told.Count < 2)
        {
            told.Add((await back.NextAsync(CloudMessage.KindOneofCase.Transcript)).Transcript.UtteranceId);
        }

        told.ShouldBe([stored.ToString("D"), begun.ToString("D")], ignoreOrder: true);
    }

    private const int Utterances = 12;

    /// <summary>Utterance after utterance; in the middle of one the thing happens. What the device is told to send again, it sends again.</summary>
    private static async Task TalkAsync(TestDevice device, Func<Task> happens)
    {
        for (var i = 0; i < Utterances; i++)
        {
            var pcm = TestDevice.Pcm(6_400, seed: i);
            var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            var start = device.NewStart(id);
            for (var attempt = 0; ; attempt++)
            {
                attempt.ShouldBeLessThan(5, "the cluster must take it in the end");
                await device.SendAsync(new DeviceMessage { UtteranceStart = start });
                await device.SendChunkAsync(id, 0, pcm.AsMemory(0, 3_200));
                if (i == 3 && attempt == 0)
                {
                    await happens();
                }

                await device.SendChunkAsync(id, 3_200, pcm.AsMemory(3_200));
                await device.SendEndAsync(id, pcm.Length);
                if (await AnswerAsync(device, id))
                {
                    break;
                }
            }
        }
    }

    private static async Task<bool> AnswerAsync(TestDevice device, Guid id)
    {
        while (true)
        {
            var message = await device.NextAsync();
            if (message.UtteranceRejected is { } rejected && rejected.UtteranceId == id.ToString("D"))
            {
                rejected.Retryable.ShouldBeTrue(rejected.Message);
                return false;
            }

            if (message.UtteranceStored is { } answered && answered.UtteranceId == id.ToString("D"))
            {
                answered.Duplicate.ShouldBeFalse();
                return true;
            }
        }
    }
}
