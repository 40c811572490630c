using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;
using Code = Fleet.V1.UtteranceRejected.Types.Code;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Utterances that cannot be kept: each is answered by itself, and the session goes on.</summary>
[Collection(SharedSilo.Name)]
public sealed class UtteranceContentTests(BadInputSilo fixture)
{
    private static readonly Dictionary<string, (Func<TestDevice, Task<Guid>> Send, Code Code, bool Retryable, string Sentence)> _rejected = new()
    {
        ["id of version 4"] = (
            device => device.SendUtteranceAsync(TestDevice.Pcm(320), Guid.NewGuid()),
            Code.BadId, false, "utterance_id is not a UUID of version 7."),
        ["id from the future"] = (
            device => device.SendUtteranceAsync(TestDevice.Pcm(320), Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddDays(30))),
            Code.BadId, false, "utterance_id carries the time"),
        ["id from the end of time"] = (
            device => device.SendUtteranceAsync(TestDevice.Pcm(320), Guid.Parse("ffffffff-ffff-7fff-bfff-ffffffffffff")),
            Code.BadId, false, "utterance_id carries the time 9999-12-31"),
        ["id from 1970"] = (
            device => device.SendUtteranceAsync(TestDevice.Pcm(320), Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddSeconds(5))),
            Code.BadId, false, "utterance_id carries the time 1970-01-01"),
        ["sample rate 0"] = (device => SendFormatAsync(device, format => format.SampleRateHz = 0), Code.Format, false, "utterance_start.format must be PCM_S16LE at 16000 Hz"),
        ["sample rate 96000"] = (device => SendFormatAsync(device, format => format.SampleRateHz = 96_000), Code.Format, false, "utterance_start.format must be PCM_S16LE at 16000 Hz"),
        ["stereo"] = (device => SendFormatAsync(device, format => format.Channels = 2), Code.Format, false, "utterance_start.format must be PCM_S16LE at 16000 Hz"),
        ["unknown encoding"] = (device => SendFormatAsync(device, format => format.Encoding = (AudioFormat.Types.Encoding)77), Code.Format, false, "utterance_start.format must be"),
        ["longer than the cap"] = (
            device => device.SendUtteranceAsync(TestDevice.Pcm(BadInputSilo.MaxUtteranceBytes + 3_200)),
            Code.TooLong, false, "The utterance is longer than 131072 bytes."),
        ["length does not fit"] = (
            device => SendEndAsync(device, end => end.LengthBytes = 640),
            Code.Damaged, true, "utterance_end.length_bytes is 640, but 320 bytes arrived; send it again from its start."),
        ["checksum does not fit"] = (
            device => SendEndAsync(device, end => end.Crc32C = 0xDEADBEEF),
            Code.Damaged, true, "utterance_end.crc32c is deadbeef, but what arrived has"),
    };

    public static TheoryData<string> Rejected => new(_rejected.Keys);

    [PostgresTheory]
    [MemberData(nameof(Rejected))]
    public Task Utterance_ThatCannotBeKept_IsRejectedAndTheSessionGoesOn(string what) => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var (send, code, retryable, sentence) = _rejected[what];
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var bad = await send(device);
        var good = await device.SendUtteranceAsync(TestDevice.Pcm(320));

        var rejected = (await device.NextAsync()).UtteranceRejected.ShouldNotBeNull();
        rejected.UtteranceId.ShouldBe(bad.ToString("D"));
        rejected.Code.ShouldBe(code);
        rejected.Retryable.ShouldBe(retryable);
        rejected.Message.ShouldStartWith(sentence);
        await device.StoredAsync(good);
    });

    [PostgresFact]
    public Task Utterance_WithoutAudio_IsStoredAndEmpty() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var id = await device.SendUtteranceAsync([]);

        await device.StoredAsync(id);
        (await device.TranscriptAsync(id)).Status.ShouldBe(UtteranceStatus.Empty);
    });

    [PostgresFact]
    public Task Stream_EndsInTheMiddleOfAnUtterance_IsToldSoAndKeepsNothing() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = BadInputSilo.NewId();
        await UtteranceOrderTests.StartAsync(device, id);
        await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));

        await device.HalfCloseAsync();

        (await device.NextAsync()).UtteranceRejected.ShouldNotBeNull().Message.ShouldBe("The stream ended before utterance_end.");
        (await device.EndAsync()).StatusCode.ShouldBe(StatusCode.OK);
    });

    private static async Task<Guid> SendFormatAsync(TestDevice device, Action<AudioFormat> change)
    {
        var id = BadInputSilo.NewId();
        await UtteranceOrderTests.StartAsync(device, id, start => change(start.Format));
        await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));
        await device.SendEndAsync(id, 320);
        return id;
    }

    private static async Task<Guid> SendEndAsync(TestDevice device, Action<UtteranceEnd> change)
    {
        var id = BadInputSilo.NewId();
        await UtteranceOrderTests.StartAsync(device, id);
        await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));
        var end = new UtteranceEnd { UtteranceId = id.ToString("D"), LengthBytes = 320 };
        change(end);
        await device.SendAsync(new DeviceMessage { UtteranceEnd = end });
        return id;
    }
}
