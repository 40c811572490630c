using Fleet.Storage;
using Fleet.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fleet.IntegrationTests.Silo;

/// <summary>Two machines with one identity are reported, not left to fight; sessions are fenced.</summary>
public sealed class IdentityTests : SiloTestBase
{
    [PostgresFact]
    public async Task CopiedState_TwentyRounds_TheNewerStartIsNeverDisturbed()
    {
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        var (olderBoot, newerBoot) = (Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"));
        await older.ConnectAsync(hello => hello.BootId = olderBoot);
        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        var epoch = (await newer.ConnectAsync(hello => hello.BootId = newerBoot)).SessionEpoch;
        (await older.EndAsync()).StatusCode.ShouldBe(StatusCode.Aborted);

        for (var round = 0; round < 20; round++)
        {
            var refusal = await Should.ThrowAsync<RpcException>(() => older.ConnectAsync(hello => hello.BootId = olderBoot));
            refusal.StatusCode.ShouldBe(StatusCode.AlreadyExists);
            refusal.Status.Detail.ShouldContain("state folder");
            var id = await newer.SendUtteranceAsync(TestDevice.Pcm(320, round));
            await newer.StoredAsync(id);
            await newer.TranscriptAsync(id);
        }

        var devices = silo.Services.GetRequiredService<DeviceStore>();
        (await devices.GetAsync(older.DeviceId)).ShouldNotBeNull().SessionEpoch.ShouldBe(epoch);
        (await devices.ListConflictsAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            conflict => conflict.DeviceId.ShouldBe(older.DeviceId),
            conflict => conflict.BootId.ShouldBe(Guid.Parse(olderBoot)),
            conflict => conflict.Attempts.ShouldBe(20));
    }

    [PostgresFact]
    public async Task Reconnects_OfTheNewerStart_AreItsOwn()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        var boot = Guid.NewGuid().ToString("D");

        for (var i = 0; i < 5; i++)
        {
            await device.ConnectAsync(hello => hello.BootId = boot);
        }

        (await silo.Services.GetRequiredService<DeviceStore>().ListConflictsAsync()).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task LateWrite_OfAnOlderEpoch_IsRefused()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await using var connection = new NpgsqlConnection(Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // As a session opened through another silo does; the commit waits behind it.
        await using (var open = new NpgsqlCommand("UPDATE devices SET session_epoch = session_epoch + 1", connection, transaction))
        {
            await open.ExecuteNonQueryAsync();
        }

        await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.BeatAsync(1);
        await transaction.CommitAsync();

        (await device.EndAsync()).StatusCode.ShouldBe(StatusCode.Aborted);
        (await QueryAsync("SELECT count(*) FROM utterances")).ShouldBe(0L);
    }
}
