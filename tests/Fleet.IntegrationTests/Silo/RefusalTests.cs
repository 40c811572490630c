using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo;

/// <summary>What devices do wrong, and what they are told.</summary>
public sealed class RefusalTests : SiloTestBase
{
    private static readonly Dictionary<string, string?> _small = new()
    {
        ["Fleet:Ingest:CreditBytes"] = "65536",
        ["Fleet:Ingest:MaxUtteranceBytes"] = "65536",
        ["Fleet:Ingest:HelloTimeoutMs"] = "300",
    };

    [PostgresFact]
    public async Task Credentials_WrongOrOfTheOtherService_AreRefused()
    {
        await using var silo = await StartSiloAsync();

        foreach (var key in new[] { "wrong", silo.ApiKey, "" })
        {
            await using var device = silo.NewDevice(key: key);
            var refusal = await Should.ThrowAsync<RpcException>(() => device.ConnectAsync());
            refusal.StatusCode.ShouldBe(StatusCode.Unauthenticated);
            refusal.Status.Detail.ShouldContain("join key");
        }

        foreach (var headers in new[] { silo.ApiHeaders("wrong"), silo.ApiHeaders(silo.JoinKey), [] })
        {
            var refusal = await Should.ThrowAsync<RpcException>(async () => await silo.NewApi().ListDevicesAsync(new ListDevicesRequest(), headers));
            refusal.StatusCode.ShouldBe(StatusCode.Unauthenticated);
            refusal.Status.Detail.ShouldContain("API key");
        }
    }

    [PostgresFact]
    public async Task KeyFiles_MadeAtStart_AreForThisUserOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("fleet-silo-keys-").FullName;
        await using (await StartSiloAsync(keyFolder: folder))
        {
            File.GetUnixFileMode(Path.Combine(folder, "join.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Path.Combine(folder, "api.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.Delete(folder, recursive: true);
    }

    [PostgresFact]
    public async Task FirstMessage_NotAHelloOrNone_IsInvalidArgument()
    {
        await using var silo = await StartSiloAsync(_small);

        await using var silent = silo.NewDevice();
        silent.Open();
        (await silent.EndAsync()).ShouldSatisfyAllConditions(
            status => status.StatusCode.ShouldBe(StatusCode.InvalidArgument), status => status.Detail.ShouldContain("No hello"));

        await using var eager = silo.NewDevice();
        eager.Open();
        await eager.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat() });
        (await eager.EndAsync()).ShouldSatisfyAllConditions(
            status => status.StatusCode.ShouldBe(StatusCode.InvalidArgument), status => status.Detail.ShouldContain("must be a hello"));
    }

    [PostgresFact]
    public async Task ProtocolVersion_Unknown_IsFailedPrecondition()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();

        var refusal = await Should.ThrowAsync<RpcException>(() => device.ConnectAsync(hello => hello.ProtocolVersion = 9));

        refusal.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [PostgresFact]
    public async Task Chunks_BeforeStartOrAtWrongOffset_AreInvalidArgument()
    {
        await using var silo = await StartSiloAsync();
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        await using var early = silo.NewDevice();
        await early.ConnectAsync();
        await early.SendChunkAsync(id, 0, TestDevice.Pcm(320));
        var status = await early.EndAsync();
        status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        status.Detail.ShouldContain("utterance_start first");

        await using var skipping = silo.NewDevice();
        await skipping.ConnectAsync();
        await skipping.SendAsync(new DeviceMessage { UtteranceStart = skipping.NewStart(id) });
        await skipping.SendChunkAsync(id, 320, TestDevice.Pcm(320));
        status = await skipping.EndAsync();
        status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        status.Detail.ShouldContain("the next byte is 0");
    }

    [PostgresFact]
    public async Task Audio_BeyondCredit_EndsWithResourceExhausted()
    {
        await using var silo = await StartSiloAsync(_small);
        await using var device = silo.NewDevice();
        var welcome = await device.ConnectAsync();
        welcome.CreditBytes.ShouldBe(65_536UL);
        var first = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var second = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(first) });
        await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(second) });
        await device.SendChunkAsync(first, 0, TestDevice.Pcm(60_000));

        await device.SendChunkAsync(second, 0, TestDevice.Pcm(6_000));

        (await device.EndAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [PostgresFact]
    public async Task Utterance_TooLongDamagedOrOfBadIdOrFormat_IsRejectedAndTheSessionGoesOn()
    {
        await using var silo = await StartSiloAsync(_small);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var tooLong = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(tooLong) });
        await device.SendChunkAsync(tooLong, 0, TestDevice.Pcm(60_000));
        await device.SendChunkAsync(tooLong, 60_000, TestDevice.Pcm(6_000));
        await device.SendChunkAsync(tooLong, 66_000, TestDevice.Pcm(6_000));
        await device.SendEndAsync(tooLong, 72_000);
        await RejectedAsync(device, tooLong, UtteranceRejected.Types.Code.TooLong, retryable: false);

        var damaged = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await device.SendAsync(new DeviceMessage { UtteranceStart = device.NewStart(damaged) });
        await device.SendChunkAsync(damaged, 0, TestDevice.Pcm(320));
        await device.SendAsync(new DeviceMessage
        {
            UtteranceEnd = new UtteranceEnd { UtteranceId = damaged.ToString("D"), LengthBytes = 320, Crc32C = 1 },
        });
        await RejectedAsync(device, damaged, UtteranceRejected.Types.Code.Damaged, retryable: true);

        var badId = await device.SendUtteranceAsync(TestDevice.Pcm(320), Guid.NewGuid());
        await RejectedAsync(device, badId, UtteranceRejected.Types.Code.BadId, retryable: false);

        var badFormat = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var start = device.NewStart(badFormat);
        start.Format.SampleRateHz = 44_100;
        await device.SendAsync(new DeviceMessage { UtteranceStart = start });
        await device.SendEndAsync(badFormat, 0);
        await RejectedAsync(device, badFormat, UtteranceRejected.Types.Code.Format, retryable: false);

        var good = await device.SendUtteranceAsync(TestDevice.Pcm(320), damaged);
        (await device.StoredAsync(good)).Duplicate.ShouldBeFalse();
    }

    [PostgresFact]
    public async Task Install_SameAgain_TakesOverAnotherIsRefused()
    {
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        var first = await older.ConnectAsync();

        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        var second = await newer.ConnectAsync();

        second.SessionEpoch.ShouldBeGreaterThan(first.SessionEpoch);
        (await older.EndAsync()).StatusCode.ShouldBe(StatusCode.Aborted);
        await using var stranger = silo.NewDevice(older.DeviceId);
        var refusal = await Should.ThrowAsync<RpcException>(() => stranger.ConnectAsync());
        refusal.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        refusal.Status.Detail.ShouldContain("another install");
        var id = await newer.SendUtteranceAsync(TestDevice.Pcm(320));
        await newer.StoredAsync(id);
    }

    [PostgresFact]
    public async Task Api_BadArguments_NameTheField()
    {
        await using var silo = await StartSiloAsync();
        var api = silo.NewApi();

        (await Should.ThrowAsync<RpcException>(async () =>
            await api.SearchTranscriptsAsync(new SearchTranscriptsRequest { PageToken = "no such" }, silo.ApiHeaders())))
            .ShouldSatisfyAllConditions(e => e.StatusCode.ShouldBe(StatusCode.InvalidArgument), e => e.Status.Detail.ShouldContain("page_token"));
        (await Should.ThrowAsync<RpcException>(async () =>
            await api.SearchTranscriptsAsync(new SearchTranscriptsRequest { FromUnixMs = -1 }, silo.ApiHeaders())))
            .Status.Detail.ShouldContain("from_unix_ms");
        using var missing = api.GetAudio(
            new GetAudioRequest { DeviceId = "pi", UtteranceId = Guid.NewGuid().ToString("D") }, silo.ApiHeaders());
        (await Should.ThrowAsync<RpcException>(() => missing.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.NotFound);
        using var badToken = api.WatchTranscripts(new WatchTranscriptsRequest { ResumeToken = "?" }, silo.ApiHeaders());
        (await Should.ThrowAsync<RpcException>(() => badToken.ResponseStream.MoveNext(CancellationToken.None))).Status.Detail.ShouldContain("resume_token");
    }

    private static async Task RejectedAsync(TestDevice device, Guid id, UtteranceRejected.Types.Code code, bool retryable)
    {
        var message = await device.NextAsync();
        message.KindCase.ShouldBe(CloudMessage.KindOneofCase.UtteranceRejected, message.ToString());
        message.UtteranceRejected.UtteranceId.ShouldBe(id.ToString("D"));
        message.UtteranceRejected.Code.ShouldBe(code);
        message.UtteranceRejected.Retryable.ShouldBe(retryable);
        message.UtteranceRejected.Message.ShouldNotBeEmpty();
    }
}
