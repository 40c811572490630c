using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Streams that do not begin as they should.</summary>
[Collection(SharedSilo.Name)]
public sealed class HelloTests(BadInputSilo fixture)
{
    private static readonly Dictionary<string, (Action<Hello> Change, StatusCode Code, string Sentence)> _broken = new()
    {
        ["version too old"] = (hello => hello.ProtocolVersion = 0, StatusCode.FailedPrecondition, "hello.protocol_version is 0; this silo speaks version 1: update the agent."),
        ["version too new"] = (hello => hello.ProtocolVersion = 99, StatusCode.FailedPrecondition, "hello.protocol_version is 99; this silo speaks version 1: update the silo"),
        ["device id empty"] = (hello => hello.DeviceId = "", StatusCode.InvalidArgument, "hello.device_id must be 1 to 64 of a-z, 0-9"),
        ["device id of 10 KB"] = (hello => hello.DeviceId = new string('a', 10_240), StatusCode.InvalidArgument, "hello.device_id must be 1 to 64"),
        ["device id is a path"] = (hello => hello.DeviceId = "../../etc/passwd", StatusCode.InvalidArgument, "hello.device_id must be 1 to 64"),
        ["device id with control characters"] = (hello => hello.DeviceId = "pi\u0000\u001b[2J", StatusCode.InvalidArgument, "hello.device_id must be 1 to 64"),
        ["device id with SQL"] = (hello => hello.DeviceId = "pi'; DROP TABLE devices; --", StatusCode.InvalidArgument, "hello.device_id must be 1 to 64"),
        ["install id"] = (hello => hello.InstallId = "my-pi", StatusCode.InvalidArgument, "hello.install_id must be a UUID"),
        ["boot id"] = (hello => hello.BootId = Guid.Empty.ToString("D"), StatusCode.InvalidArgument, "hello.boot_id must be a UUID"),
        ["agent version of 10 KB"] = (hello => hello.AgentVersion = new string('v', 10_240), StatusCode.InvalidArgument, "hello.agent_version has 10240 characters; send at most 128."),
        ["1000 capabilities"] = (hello => hello.Capabilities.AddRange(Enumerable.Repeat("x", 1_000)), StatusCode.InvalidArgument, "hello.capabilities has 1000 entries; send at most 32."),
    };

    public static TheoryData<string> Broken => new(_broken.Keys);

    [PostgresTheory]
    [MemberData(nameof(Broken))]
    public Task Hello_BreaksARule_EndsWithTheFieldAndTheRule(string what) => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var (change, code, sentence) = _broken[what];
        await using var device = silo.NewDevice();

        var refusal = await Should.ThrowAsync<RpcException>(() => device.ConnectAsync(change));

        refusal.StatusCode.ShouldBe(code);
        refusal.Status.Detail.ShouldStartWith(sentence);
        refusal.Status.Detail.Length.ShouldBeLessThan(400);
    });

    [PostgresFact]
    public Task Stream_WithoutHello_EndsWithWhatIsMissing() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        await using var eager = silo.NewDevice();
        eager.Open();
        await eager.SendAsync(new DeviceMessage { UtteranceStart = eager.NewStart(BadInputSilo.NewId()) });
        (await eager.EndAsync()).ShouldBe(new Status(StatusCode.InvalidArgument, "The first message must be a hello; this one is UtteranceStart."));

        await using var empty = silo.NewDevice();
        empty.Open();
        await empty.HalfCloseAsync();
        (await empty.EndAsync()).ShouldBe(new Status(StatusCode.InvalidArgument, "The stream ended without a message; the first message must be a hello."));
    });

    [PostgresFact]
    public Task Streams_ThatSayNothing_EndAtTheHelloTimeout() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        using var channel = silo.NewChannel();
        var silent = Enumerable.Range(0, 50).Select(_ => new RawDevice(silo, channel)).ToList();

        var statuses = await Task.WhenAll(silent.Select(device => device.EndAsync()));

        statuses.ShouldAllBe(status => status.StatusCode == StatusCode.InvalidArgument);
        statuses.ShouldAllBe(status => status.Detail == "No hello within 3 s; it must be the first message, sent at once.");
        silent.ForEach(device => device.Dispose());
    });

    [PostgresFact]
    public Task Hello_Twice_EndsTheSession() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        using var device = new RawDevice(silo);
        var hello = new DeviceMessage { Hello = RawDevice.NewHello() };
        await device.SendAsync(hello);
        await device.SendAsync(hello);

        (await device.EndAsync()).ShouldBe(new Status(StatusCode.InvalidArgument, "hello was sent twice; send it once, as the first message."));
    });
}
