using Fleet.Contracts.Actors;
using Fleet.Silo.Ingest;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.IntegrationTests.Silo;

/// <summary>After a break only what is missing is sent, and nothing is believed that is not so.</summary>
public sealed class ResumeTests : SiloTestBase
{
    private static readonly Dictionary<string, string?> _small = new()
    {
        ["Fleet:Ingest:CreditBytes"] = "65536",
        ["Fleet:Ingest:MaxUtteranceBytes"] = "65536",
    };

    [PostgresFact]
    public async Task Break_InTheMiddle_OnlyTheRestIsSent()
    {
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        var welcome = await older.ConnectAsync();
        welcome.Capabilities.ShouldBe(["lost", "resume", "transcribe-from"]);
        welcome.StorageGeneration.ShouldNotBeEmpty();
        var id = NewId();
        var pcm = TestDevice.Pcm(9_600);
        await BeginAsync(silo, older, id, pcm, 6_400);
        await older.DisposeAsync();

        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        await newer.ConnectAsync();
        var point = (await newer.AskAsync(id)).ShouldHaveSingleItem();
        point.Stored.ShouldBeFalse();
        point.ReceivedBytes.ShouldBe(6_400UL);
        await ResumeAsync(newer, id, pcm, 6_400);

        (await newer.StoredAsync(id)).Duplicate.ShouldBeFalse();
        (await newer.TranscriptAsync(id)).Text.ShouldBe("heard 9600 bytes");
        Scorer.Calls.ShouldHaveSingleItem().Pcm.ShouldBe(pcm);
        (await newer.AskAsync(id)).ShouldHaveSingleItem().Stored.ShouldBeTrue();
        Memory(silo).HeldBytes.ShouldBe(0);
    }

    [PostgresFact]
    public async Task Takeover_WhileTheOlderStreamIsOpen_HasItsAudio()
    {
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        await older.ConnectAsync();
        var id = NewId();
        var pcm = TestDevice.Pcm(9_600);
        await BeginAsync(silo, older, id, pcm, 3_200);

        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        await newer.ConnectAsync();

        (await newer.AskAsync(id)).ShouldHaveSingleItem().ReceivedBytes.ShouldBe(3_200UL);
        await ResumeAsync(newer, id, pcm, 3_200);
        await newer.StoredAsync(id);
    }

    [PostgresFact]
    public async Task Resume_NotWhatTheSiloHas_IsDamagedAndCanBeSentFromItsStart()
    {
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        await older.ConnectAsync();
        var id = NewId();
        var pcm = TestDevice.Pcm(9_600);
        await BeginAsync(silo, older, id, pcm, 6_400);
        await older.DisposeAsync();
        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        await newer.ConnectAsync();
        await newer.AskAsync(id);

        await ResumeAsync(newer, id, pcm, 3_200);

        var rejected = (await newer.NextAsync()).UtteranceRejected.ShouldNotBeNull();
        rejected.Code.ShouldBe(UtteranceRejected.Types.Code.Damaged);
        rejected.Retryable.ShouldBeTrue();
        Memory(silo).HeldBytes.ShouldBe(0);
        await newer.SendUtteranceAsync(pcm, id);
        (await newer.StoredAsync(id)).Duplicate.ShouldBeFalse();
    }

    [PostgresFact]
    public async Task Parked_OfOneDevice_IsNothingToAnother()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = NewId();
        await BeginAsync(silo, device, id, TestDevice.Pcm(6_400), 3_200);
        await device.DisposeAsync();
        await EventuallyAsync(() => Task.FromResult(silo.Services.GetRequiredService<ParkingPlace>().Count == 1), "it is parked");

        await using var other = silo.NewDevice();
        await other.ConnectAsync();

        (await other.AskAsync(id)).ShouldHaveSingleItem().ReceivedBytes.ShouldBe(0UL);
    }

    [PostgresFact]
    public async Task Resumed_Bytes_CountAsSent()
    {
        await using var silo = await StartSiloAsync(_small);
        await using var older = silo.NewDevice();
        await older.ConnectAsync();
        var id = NewId();
        await BeginAsync(silo, older, id, TestDevice.Pcm(60_000), 60_000);
        await older.DisposeAsync();
        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        await newer.ConnectAsync();
        await newer.AskAsync(id);
        var start = newer.NewStart(id);
        start.ResumeFromBytes = 60_000;
        await newer.SendAsync(new DeviceMessage { UtteranceStart = start });

        try
        {
            await newer.SendUtteranceAsync(TestDevice.Pcm(6_400));
        }
        catch (RpcException)
        {
            // The call ended while it was being sent.
        }

        (await newer.EndAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [PostgresFact]
    public async Task Breaks_AtAnyMoment_NeverSendTwiceWhatIsStoredNorBelieveWhatIsNot()
    {
        const int Seed = 20;
        var random = new Random(Seed);
        await using var silo = await StartSiloAsync();
        var deviceId = $"pi-{Guid.NewGuid():N}"[..12];
        var install = Guid.NewGuid();
        var said = new List<(Guid Id, byte[] Pcm)>();
        for (var round = 0; round < 20; round++)
        {
            var (id, pcm) = (NewId(), TestDevice.Pcm(3_200 * random.Next(1, 6), round));
            said.Add((id, pcm));
            await using var older = silo.NewDevice(deviceId, install);
            await older.ConnectAsync();
            await older.SendAsync(new DeviceMessage { UtteranceStart = older.NewStart(id) });
            var sent = 3_200 * random.Next(0, (pcm.Length / 3_200) + 1);
            await SendFromAsync(older, id, pcm.AsMemory(0, sent), 0);
            if (sent == pcm.Length)
            {
                await older.SendEndAsync(id, pcm.Length);
            }

            await using var newer = silo.NewDevice(deviceId, install);
            await newer.ConnectAsync();
            var point = (await newer.AskAsync(id)).ShouldHaveSingleItem();
            if (!point.Stored)
            {
                await ResumeAsync(newer, id, pcm, (int)point.ReceivedBytes);
                (await newer.NextAsync(CloudMessage.KindOneofCase.UtteranceStored)).UtteranceStored.Duplicate.ShouldBeFalse($"seed {Seed}, round {round}");
            }
        }

        (await QueryAsync("SELECT count(*) FROM utterances")).ShouldBe(20L);
        foreach (var (id, pcm) in said)
        {
            ((byte[]?)await QueryAsync($"SELECT pcm FROM utterance_audio WHERE utterance_id = '{id}'")).ShouldBe(pcm, $"seed {Seed}");
        }
    }

    [PostgresFact]
    public async Task Transcript_OfWhatIsSentAgain_ComesAfterItsAnswer()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Scorer.Answer = async call =>
        {
            await release.Task;
            return ScorerReply.Text(call, "late");
        };
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        await older.ConnectAsync();
        var pcm = TestDevice.Pcm(3_200);
        var id = await older.SendUtteranceAsync(pcm);
        await older.StoredAsync(id);
        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        await newer.ConnectAsync();
        await newer.SendAsync(new DeviceMessage { UtteranceStart = newer.NewStart(id) });
        await newer.SendChunkAsync(id, 0, pcm);
        await newer.BeatAsync(1);

        release.SetResult();

        var actor = silo.Services.GetRequiredService<IFleet>().GetDevice(older.DeviceId);
        await EventuallyAsync(async () => (await actor.GetPresenceAsync()).Counters.TranscriptsDelivered == 1, "the session has the transcript");
        await newer.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 2 } });
        (await newer.NextAsync()).HeartbeatAck.ShouldNotBeNull().Nonce.ShouldBe(2UL);
        await newer.SendEndAsync(id, pcm.Length);
        (await newer.StoredAsync(id)).Duplicate.ShouldBeTrue();
        (await newer.TranscriptAsync(id)).Text.ShouldBe("late");
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private static AudioMemory Memory(SiloUnderTest silo) => silo.Services.GetRequiredService<AudioMemory>();

    /// <summary>Sends the first part, and waits until the silo has it.</summary>
    private static async Task BeginAsync(SiloUnderTest silo, TestDevice device, Guid id, byte[] pcm, int bytes)
    {
        await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(id) });
        await device.SendChunkAsync(id, 0, pcm.AsMemory(0, bytes));
        await EventuallyAsync(() => Task.FromResult(Memory(silo).HeldBytes == bytes), "the silo has the first part");
    }

    private static async Task ResumeAsync(TestDevice device, Guid id, byte[] pcm, int from)
    {
        var start = device.NewStart(id);
        start.ResumeFromBytes = (ulong)from;
        await device.SendAsync(new DeviceMessage { UtteranceStart = start });
        await SendFromAsync(device, id, pcm.AsMemory(from), from);
        await device.SendEndAsync(id, pcm.Length);
    }

    private static async Task SendFromAsync(TestDevice device, Guid id, ReadOnlyMemory<byte> pcm, int offset)
    {
        for (var at = 0; at < pcm.Length; at += 3_200)
        {
            var piece = pcm.Slice(at, Math.Min(3_200, pcm.Length - at));
            await device.SendAsync(new DeviceMessage
            {
                AudioChunk = new AudioChunk { UtteranceId = id.ToString("D"), OffsetBytes = (ulong)(offset + at), Pcm = ByteString.CopyFrom(piece.Span) },
            });
        }    }
}
