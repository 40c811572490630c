using Fleet.Silo.Ingest;
using Fleet.Testing;
using Fleet.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.IntegrationTests.Silo;

/// <summary>What a device cannot send any more becomes a row, too.</summary>
public sealed class LossTests : SiloTestBase
{
    [PostgresFact]
    public async Task Loss_Reported_IsARowAndThenADuplicate()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = NewId();
        var loss = device.NewLoss(id);

        await device.SendAsync(new DeviceMessage { UtteranceLost = loss });
        (await device.StoredAsync(id)).Duplicate.ShouldBeFalse();
        await device.SendAsync(new DeviceMessage { UtteranceLost = loss });
        (await device.StoredAsync(id)).Duplicate.ShouldBeTrue();
        // What was lost does not come back: "stored" would be believed, and its audio is nowhere.
        await device.SendUtteranceAsync(TestDevice.Pcm(320), id);
        var refused = (await device.NextAsync()).UtteranceRejected.ShouldNotBeNull();
        refused.Code.ShouldBe(UtteranceRejected.Types.Code.Gone);
        refused.Retryable.ShouldBeFalse();

        var found = await silo.NewApi().SearchTranscriptsAsync(new SearchTranscriptsRequest { Statuses = { UtteranceStatus.Lost } }, silo.ApiHeaders());
        var row = found.Transcripts.ShouldHaveSingleItem();
        row.UtteranceId.ShouldBe(id.ToString("D"));
        row.Reason.ShouldNotBeEmpty();
        Scorer.Calls.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Loss_OfWhatWasStored_ChangesNothing()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);
        await device.TranscriptAsync(id);

        await device.SendAsync(new DeviceMessage { UtteranceLost = device.NewLoss(id) });

        (await device.StoredAsync(id)).Duplicate.ShouldBeTrue();
        (await QueryAsync("SELECT status FROM utterances")).ShouldBe((short)UtteranceStatus.Transcribed);
    }

    [PostgresFact]
    public async Task Loss_OfWhatIsBeingSent_LetsGoOfItsAudio()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = NewId();
        await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(id) });
        await device.SendChunkAsync(id, 0, TestDevice.Pcm(3_200));

        await device.SendAsync(new DeviceMessage { UtteranceLost = device.NewLoss(id, UtteranceLost.Types.Reason.Damaged) });

        (await device.StoredAsync(id)).Duplicate.ShouldBeFalse();
        silo.Services.GetRequiredService<AudioMemory>().HeldBytes.ShouldBe(0);
        // What was on its way is let pass.
        await device.SendChunkAsync(id, 3_200, TestDevice.Pcm(3_200));
        await device.SendEndAsync(id, 6_400);
        await device.BeatAsync(1);
    }

    [PostgresFact]
    public async Task Losses_Many_AreAnsweredBeforeAHalfClosedCallEnds()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var waiting = new HashSet<string>();
        for (var i = 0; i < 200; i++)
        {
            var loss = device.NewLoss(NewId());
            waiting.Add(loss.UtteranceId);
            await device.SendAsync(new DeviceMessage { UtteranceLost = loss });
        }

        await device.HalfCloseAsync();

        while (waiting.Count > 0)
        {
            waiting.Remove((await device.NextAsync()).UtteranceStored.UtteranceId).ShouldBeTrue();
        }

        (await device.EndAsync()).StatusCode.ShouldBe(Grpc.Core.StatusCode.OK);
        (await QueryAsync("SELECT count(*) FROM utterances WHERE status = 5")).ShouldBe(200L);
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
