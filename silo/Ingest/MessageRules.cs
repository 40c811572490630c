using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Fleet.V1;
using Google.Protobuf.Collections;

namespace Fleet.Silo.Ingest;

/// <summary>
/// What device_ingest.proto asks of each message. A method returns null when the message keeps the rules, else the sentence that tells the
/// author of the device what to change.
/// </summary>
internal static partial class MessageRules
{
    public const uint ProtocolVersion = 1;
    public const int MaxChunkBytes = 1024 * 1024;
    public const int MaxQueryIds = 256;
    public const uint MaxTranscribeFromMs = 10_000;

    /// <summary>Of the one format that is accepted.</summary>
    public const int BytesPerSecond = 32_000;

    // The last millisecond that DateTimeOffset can say: 9999-12-31T23:59:59.999Z.
    private const long LastUnixMs = 253_402_300_799_999;

    // Clocks of devices may be wrong by a while; what is further off would stay at the top of every history for as long.
    private static readonly DateTimeOffset _earliestUtterance = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _latestUtterance = TimeSpan.FromDays(1);

    public static string? Check(Hello hello)
    {
        if (!DeviceIdPattern().IsMatch(hello.DeviceId))
        {
            return "hello.device_id must be 1 to 64 of a-z, 0-9, '-', '_' and '.', the first a letter or digit.";
        }

        if (!Guid.TryParseExact(hello.InstallId, "D", out var installId) || installId == Guid.Empty)
        {
            return "hello.install_id must be a UUID of 36 characters, made once when the agent is installed.";
        }

        if (!Guid.TryParseExact(hello.BootId, "D", out var bootId) || bootId == Guid.Empty)
        {
            return "hello.boot_id must be a UUID of 36 characters, made at each start of the agent.";
        }

        return CheckText("hello.agent_version", hello.AgentVersion, 128)
            ?? CheckTexts("hello.capabilities", hello.Capabilities, 32, 64);
    }

    public static string? Check(UtteranceStart start)
    {
        if (CheckUtterance("utterance_start", start.UtteranceId, start.SequenceNumber, start.StartedAtUnixMs) is { } fault)
        {
            return fault;
        }

        if (start.KeywordScore is not (>= 0 and <= 1))
        {
            return "utterance_start.keyword_score must be from 0 to 1.";
        }

        if (start.TranscribeFromMs > MaxTranscribeFromMs)
        {
            return $"utterance_start.transcribe_from_ms is {start.TranscribeFromMs}; it must be 0 to {MaxTranscribeFromMs}.";
        }

        return CheckText("utterance_start.keyword", start.Keyword, 128)
            ?? CheckText("utterance_start.keyword_model_id", start.KeywordModelId, 128)
            ?? CheckText("utterance_start.source", start.Source, 256);
    }

    /// <summary>Is the id one that can be stored? The sentence goes into a rejection, not into a status.</summary>
    public static string? CheckId(Guid utteranceId, DateTimeOffset now)
    {
        if (!IsVersion7(utteranceId))
        {
            return "utterance_id is not a UUID of version 7.";
        }

        var madeAt = DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Uuid7Milliseconds(utteranceId), LastUnixMs));
        if (madeAt < _earliestUtterance)
        {
            return $"utterance_id carries the time {madeAt:u}, before {_earliestUtterance:u}: the device's clock was not set.";
        }

        return madeAt > now + _latestUtterance
            ? $"utterance_id carries the time {madeAt:u}, more than {_latestUtterance.TotalHours:0} h from now: the device's clock is ahead."
            : null;
    }

    public static string? CheckFormat(AudioFormat? format) =>
        format is { Encoding: AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz: 16_000, Channels: 1 }
            ? null
            : "utterance_start.format must be PCM_S16LE at 16000 Hz with 1 channel.";

    public static string? Check(AudioChunk chunk)
    {
        if (!Guid.TryParseExact(chunk.UtteranceId, "D", out _))
        {
            return "audio_chunk.utterance_id must be the UUID of an utterance that was started.";
        }

        if (chunk.Pcm.Length > MaxChunkBytes)
        {
            return $"audio_chunk.pcm has {chunk.Pcm.Length} bytes; send at most {MaxChunkBytes} in one chunk.";
        }

        return chunk.Pcm.Length % sizeof(short) != 0
            ? $"audio_chunk.pcm has {chunk.Pcm.Length} bytes, which is not a whole number of 16-bit samples."
            : null;
    }

    public static string? Check(UtteranceEnd end) =>
        Guid.TryParseExact(end.UtteranceId, "D", out _) ? null : "utterance_end.utterance_id must be the UUID of an utterance that was started.";

    public static string? Check(UtteranceLost lost)
    {
        if (CheckUtterance("utterance_lost", lost.UtteranceId, lost.SequenceNumber, lost.StartedAtUnixMs) is { } fault)
        {
            return fault;
        }

        // Its time is not looked at: an utterance that was rejected for it is still lost, and accounted for under its id.
        if (!IsVersion7(Guid.ParseExact(lost.UtteranceId, "D")))
        {
            return "utterance_lost.utterance_id must be a UUID (version 7) of 36 characters.";
        }

        return lost.LengthBytes > long.MaxValue
            ? "utterance_lost.length_bytes may not be above 9223372036854775807; 0 = not known."
            : CheckText("utterance_lost.detail", lost.Detail, 256);
    }

    public static string? Check(ResumeQuery query)
    {
        if (query.UtteranceIds.Count > MaxQueryIds)
        {
            return $"resume_query has {query.UtteranceIds.Count} ids; ask for at most {MaxQueryIds} at a time.";
        }

        return query.UtteranceIds.All(id => Guid.TryParseExact(id, "D", out _)) ? null : "resume_query.utterance_ids must be UUIDs of 36 characters.";
    }

    public static string? Check(Heartbeat heartbeat) => CheckTexts("heartbeat.health", heartbeat.Health, 32, 128);

    public static string? Check(SettingsApplied applied) => CheckText("settings_applied.error", applied.Error, 1_000);

    public static string? Check(LogLines logLines) => logLines.Lines.Count > 100 || logLines.Lines.Any(line => line.Length > 1_000)
        ? "log_lines may have at most 100 lines of 1000 characters."
        : null;

    public static string? CheckDeviceId(string deviceId) =>
        DeviceIdPattern().IsMatch(deviceId) ? null : "device_id must be 1 to 64 of a-z, 0-9, '-', '_' and '.', the first a letter or digit.";

    private static string? CheckUtterance(string message, string utteranceId, ulong sequenceNumber, long startedAtUnixMs)
    {
        if (!Guid.TryParseExact(utteranceId, "D", out _))
        {
            return $"{message}.utterance_id must be a UUID (version 7) of 36 characters.";
        }

        if (sequenceNumber is 0 or > long.MaxValue)
        {
            return $"{message}.sequence_number counts the install's utterances from 1; it may not be 0 or above 9223372036854775807.";
        }

        return IsTime(startedAtUnixMs)
            ? null
            : $"{message}.started_at_unix_ms must be the milliseconds since 1970-01-01T00:00:00Z, before the year 10000.";
    }

    private static bool IsVersion7(Guid uuid) => uuid.Version == 7 && uuid.Variant is >= 8 and <= 11;

    private static string? CheckTexts(string field, RepeatedField<string> texts, int maxCount, int maxLength) => texts.Count > maxCount
        ? $"{field} has {texts.Count} entries; send at most {maxCount}."
        : texts.Select(text => CheckText(field, text, maxLength)).FirstOrDefault(fault => fault is not null);

    private static string? CheckText(string field, string text, int maxLength)
    {
        if (text.Length > maxLength)
        {
            return $"{field} has {text.Length} characters; send at most {maxLength}.";
        }

        // U+0000 cannot be stored, the others would break lines of logs.
        return text.Any(char.IsControl) ? $"{field} contains a control character; leave those out." : null;
    }

    private static bool IsTime(long unixMs) => unixMs is >= 0 and <= LastUnixMs;

    private static long Uuid7Milliseconds(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceIdPattern();
}
