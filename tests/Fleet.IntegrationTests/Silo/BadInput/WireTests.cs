using System.Text;
using Fleet.Testing;
using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Bytes that are no message, or more than a message may have.</summary>
[Collection(SharedSilo.Name)]
public sealed class WireTests(BadInputSilo fixture)
{
    private const string NotProtobuf = "The message is not a fleet.v1.DeviceMessage: ";

    [PostgresFact]
    public Task Bytes_ThatAreNotProtobuf_EndWithInvalidArgument() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var garbage = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n\xff\xff\xff\xff");
        using var first = new RawDevice(silo);
        await first.SendAsync(garbage);
        var atFirst = await first.EndAsync();

        using var later = new RawDevice(silo);
        await later.SendAsync(new DeviceMessage { Hello = RawDevice.NewHello() });
        (await later.NextAsync()).Welcome.ShouldNotBeNull();
        await later.SendAsync(garbage);
        var inSession = await later.EndAsync();

        atFirst.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        atFirst.Detail.ShouldStartWith(NotProtobuf);
        inSession.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        inSession.Detail.ShouldStartWith(NotProtobuf);
    });

    [PostgresFact]
    public Task DeviceId_NotUtf8_IsRefused() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var bytes = new DeviceMessage { Hello = RawDevice.NewHello("pi-abcd") }.ToByteArray();
        var at = bytes.AsSpan().IndexOf("pi-abcd"u8);
        (bytes[at + 3], bytes[at + 4]) = (0xC3, 0x28);
        using var device = new RawDevice(silo);

        await device.SendAsync(bytes);

        var status = await device.EndAsync();
        status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (status.Detail.StartsWith(NotProtobuf, StringComparison.Ordinal) || status.Detail.StartsWith("hello.device_id must be", StringComparison.Ordinal))
            .ShouldBeTrue(status.Detail);
    });

    [PostgresFact]
    public Task Kinds_ThatNobodyKnows_AreIgnored() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        using var device = new RawDevice(silo);
        await device.SendAsync(new DeviceMessage { Hello = RawDevice.NewHello() });
        (await device.NextAsync()).Welcome.ShouldNotBeNull();

        // An empty message; field 99 (a message of a newer agent); a heartbeat with a field of its own that we do not know.
        await device.SendAsync([]);
        await device.SendAsync([0x9A, 0x06, 0x02, 0x08, 0x01]);
        await device.SendAsync([0x2A, 0x05, 0x08, 0x07, 0xF8, 0x07, 0x01]);

        (await device.NextAsync()).HeartbeatAck.ShouldNotBeNull().Nonce.ShouldBe(7UL);
    });

    [PostgresFact]
    public Task Message_Of40Megabytes_EndsWithResourceExhausted() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        using var device = new RawDevice(silo);
        await device.SendAsync(new DeviceMessage { Hello = RawDevice.NewHello() });
        (await device.NextAsync()).Welcome.ShouldNotBeNull();
        var held = fixture.Memory.HeldBytes;

        await device.TrySendAsync(new byte[40_000_000]);

        var status = await device.EndAsync();
        status.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        status.Detail.ShouldContain("exceeds the maximum configured message size");
        fixture.Memory.HeldBytes.ShouldBe(held);
    });

    [PostgresFact]
    public Task Chunks_Of40Megabytes_EndAtTheCredit() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        using var device = new RawDevice(silo);
        await device.SendAsync(new DeviceMessage { Hello = RawDevice.NewHello() });
        (await device.NextAsync()).Welcome.CreditBytes.ShouldBe((ulong)BadInputSilo.CreditBytes);
        var sent = 0;

        // Four utterances side by side, each below the cap, none of them ended.
        var ids = Enumerable.Range(0, 4).Select(_ => BadInputSilo.NewId()).ToArray();
        foreach (var id in ids)
        {
            await device.SendAsync(new DeviceMessage { UtteranceStart = FuzzMessages.Start(id) });
        }

        for (var offset = 0; sent < 40_000_000; offset += 32_000)
        {
            var ended = false;
            foreach (var id in ids)
            {
                ended |= !await device.TrySendAsync(FuzzMessages.Chunk(id, offset, 32_000).ToByteArray());
                sent += 32_000;
            }

            if (ended)
            {
                break;
            }
        }

        var status = await device.EndAsync();
        status.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        status.Detail.ShouldStartWith("audio_chunk is beyond the credit: ");
        status.Detail.ShouldEndWith($"{BadInputSilo.CreditBytes} are allowed.");
    });
}
