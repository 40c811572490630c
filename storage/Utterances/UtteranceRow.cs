using Fleet.V1;
using Npgsql;

namespace Fleet.Storage;

/// <summary>The columns of an <see cref="UtteranceRecord"/>, written once for history and change feed.</summary>
internal static class UtteranceRow
{
    /// <summary>The select list over <c>utterances u</c>.</summary>
    public const string Columns =
        """
        u.device_id, u.utterance_id, u.sequence_number, u.started_at, u.received_at, u.duration_ms, u.status, coalesce(u.text, ''),
        u.confidence, u.reason, u.trigger, u.keyword, u.keyword_score, u.keyword_model_id, u.source, u.end_reason,
        u.engine, u.model, u.deployment, u.request_id, u.transcribed_at, u.clock, u.endpoint, u.queued_ms, u.scored_ms, u.version,
        EXISTS (SELECT FROM utterance_audio a WHERE a.device_id = u.device_id AND a.utterance_id = u.utterance_id)
        """;

    /// <summary>As many columns without a value.</summary>
    public const string NoColumns =
        """
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL
        """;

    /// <summary>How many columns that are: where further ones begin.</summary>
    public const int ColumnCount = 27;

    /// <param name="reader">On a row.</param>
    /// <param name="first">Where its columns begin.</param>
    public static UtteranceRecord Read(NpgsqlDataReader reader, int first = 0) => new()
    {
        DeviceId = reader.GetString(first),
        UtteranceId = reader.GetGuid(first + 1),
        SequenceNumber = reader.GetInt64(first + 2),
        StartedAt = reader.GetTime(first + 3),
        ReceivedAt = reader.GetTime(first + 4),
        Duration = TimeSpan.FromMilliseconds(reader.GetInt32(first + 5)),
        Status = (UtteranceStatus)reader.GetInt16(first + 6),
        Text = reader.GetString(first + 7),
        Confidence = reader.GetNumber(first + 8),
        Reason = reader.GetText(first + 9),
        Trigger = (Trigger)reader.GetInt16(first + 10),
        Keyword = reader.GetText(first + 11),
        KeywordScore = reader.GetNumber(first + 12),
        KeywordModelId = reader.GetText(first + 13),
        Source = reader.GetText(first + 14),
        EndReason = (UtteranceEnd.Types.Reason)reader.GetInt16(first + 15),
        Engine = reader.GetText(first + 16),
        Model = reader.GetText(first + 17),
        Deployment = reader.GetText(first + 18),
        RequestId = reader.GetText(first + 19),
        TranscribedAt = reader.IsDBNull(first + 20) ? null : reader.GetTime(first + 20),
        Clock = (Clock)reader.GetInt16(first + 21),
        Endpoint = reader.GetText(first + 22),
        Queued = reader.GetMilliseconds(first + 23),
        Scored = reader.GetMilliseconds(first + 24),
        Version = reader.IsDBNull(first + 25) ? null : reader.GetInt32(first + 25),
        HasAudio = reader.GetBoolean(first + 26),
    };
}
