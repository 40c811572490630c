using Fleet.Testing;
using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Messages of an utterance that come in the wrong order or do not fit each other.</summary>
[Collection(SharedSilo.Name)]
public sealed class UtteranceOrderTests(BadInputSilo fixture)
{
    private static readonly Dictionary<string, (Func<TestDevice, Guid, Task> Send, string Sentence)> _broken = new()
    {
        ["chunk before start"] = (
            (device, id) => device.SendChunkAsync(id, 0, TestDevice.Pcm(320)),
            "audio_chunk is for {id}, which is not open on this session; send utterance_start first."),
        ["end without start"] = (
            (device, id) => device.SendEndAsync(id, 0),
            "utterance_end is for {id}, which is not open on this session; send utterance_start first."),
        ["start twice"] = (
            async (device, id) =>
            {
                await StartAsync(device, id);
                await StartAsync(device, id);
            },
            "utterance_start: {id} is open already; send utterance_end before it is started again."),
        ["nine open at a time"] = (
            async (device, _) =>
            {
                for (var i = 0; i < 9; i++)
                {
                    await StartAsync(device, BadInputSilo.NewId());
                }
            },
            "utterance_start: 8 utterances are open; end one before the next is started."),
        ["gap"] = (
            async (device, id) =>
            {
                await StartAsync(device, id);
                await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));
                await device.SendChunkAsync(id, 640, TestDevice.Pcm(320));
            },
            "audio_chunk.offset_bytes of {id} is 640; the next byte is 320. Send chunks in order, each once."),
        ["overlap"] = (
            async (device, id) =>
            {
                await StartAsync(device, id);
                await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));
                await device.SendChunkAsync(id, 160, TestDevice.Pcm(320));
            },
            "audio_chunk.offset_bytes of {id} is 160; the next byte is 320."),
        ["going back"] = (
            async (device, id) =>
            {
                await StartAsync(device, id);
                await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));
                await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));
            },
            "audio_chunk.offset_bytes of {id} is 0; the next byte is 320."),
        ["offset beyond 2^63"] = (
            async (device, id) =>
            {
                await StartAsync(device, id);
                await device.SendAsync(new DeviceMessage
                {
                    AudioChunk = new AudioChunk { UtteranceId = id.ToString("D"), OffsetBytes = ulong.MaxValue, Pcm = ByteString.CopyFrom(1, 2) },
                });
            },
            "audio_chunk.offset_bytes of {id} is 18446744073709551615; the next byte is 0."),
        ["odd bytes"] = (
            async (device, id) =>
            {
                await StartAsync(device, id);
                await device.SendChunkAsync(id, 0, TestDevice.Pcm(321));
            },
            "audio_chunk.pcm has 321 bytes, which is not a whole number of 16-bit samples."),
        ["id is not a UUID"] = (
            (device, _) => device.SendAsync(new DeviceMessage { UtteranceStart = new UtteranceStart { UtteranceId = "../1", SequenceNumber = 1 } }),
            "utterance_start.utterance_id must be a UUID (version 7) of 36 characters."),
        ["sequence number 0"] = (
            (device, id) => StartAsync(device, id, start => start.SequenceNumber = 0),
            "utterance_start.sequence_number counts the install's utterances from 1"),
        ["a time before 1970"] = (
            (device, id) => StartAsync(device, id, start => start.StartedAtUnixMs = long.MinValue),
            "utterance_start.started_at_unix_ms must be the milliseconds since 1970"),
        ["keyword score NaN"] = (
            (device, id) => StartAsync(device, id, start => start.KeywordScore = float.NaN),
            "utterance_start.keyword_score must be from 0 to 1."),
        ["source with U+0000"] = (
            (device, id) => StartAsync(device, id, start => start.Source = "a\0b"),
            "utterance_start.source contains a control character; leave those out."),
        ["chunk above 1 MiB"] = (
            async (device, id) =>
            {
                await StartAsync(device, id);
                await device.SendChunkAsync(id, 0, TestDevice.Pcm((1024 * 1024) + 2));
            },
            "audio_chunk.pcm has 1048578 bytes; send at most 1048576 in one chunk."),
        ["health of 100 entries"] = (
            (device, _) => device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Health = { Enumerable.Repeat("x", 100) } } }),
            "heartbeat.health has 100 entries; send at most 32."),
        ["a loss without number"] = (
            (device, id) => device.SendAsync(new DeviceMessage { UtteranceLost = new UtteranceLost { UtteranceId = id.ToString("D") } }),
            "utterance_lost.sequence_number counts the install's utterances from 1"),
        ["a loss of no UUID of version 7"] = (
            (device, _) => device.SendAsync(new DeviceMessage { UtteranceLost = device.NewLoss(Guid.NewGuid()) }),
            "utterance_lost.utterance_id must be a UUID (version 7) of 36 characters."),
        ["a loss of 2^64 bytes"] = (
            (device, id) =>
            {
                var loss = device.NewLoss(id);
                loss.LengthBytes = ulong.MaxValue;
                return device.SendAsync(new DeviceMessage { UtteranceLost = loss });
            },
            "utterance_lost.length_bytes may not be above 9223372036854775807; 0 = not known."),
        ["a question for 257 utterances"] = (
            (device, id) => device.SendAsync(new DeviceMessage { ResumeQuery = new ResumeQuery { UtteranceIds = { Enumerable.Repeat(id.ToString("D"), 257) } } }),
            "resume_query has 257 ids; ask for at most 256 at a time."),
        ["a question for ../1"] = (
            (device, _) => device.SendAsync(new DeviceMessage { ResumeQuery = new ResumeQuery { UtteranceIds = { "../1" } } }),
            "resume_query.utterance_ids must be UUIDs of 36 characters."),
        ["10,000 log lines"] = (
            (device, _) => device.SendAsync(new DeviceMessage { LogLines = new LogLines { Lines = { Enumerable.Repeat("x", 10_000) } } }),
            "log_lines may have at most 100 lines of 1000 characters."),
    };

    public static TheoryData<string> Broken => new(_broken.Keys);

    [PostgresTheory]
    [MemberData(nameof(Broken))]
    public Task Message_BreaksARule_EndsWithInvalidArgumentAndTheRule(string what) => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var (send, sentence) = _broken[what];
        var id = BadInputSilo.NewId();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        await send(device, id);

        var status = await device.EndAsync();
        status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        status.Detail.ShouldStartWith(sentence.Replace("{id}", id.ToString("D"), StringComparison.Ordinal));
    });

    internal static Task StartAsync(TestDevice device, Guid id, Action<UtteranceStart>? change = null)
    {
        var start = device.NewStart(id);
        change?.Invoke(start);
        return device.SendAsync(new DeviceMessage { UtteranceStart = start });
    }
}
