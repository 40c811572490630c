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
        u.engine, u.model, u.deployment, u.request_id, u.transcribed_at, u.clock,
        EXISTS (SELECT FROM utterance_audio a WHERE a.device_id = u.device_id AND a.utterance_id = u.utterance_id)
        """;

    /// <summary>How many columns that are: where further ones begin.</summary>
    public const int ColumnCount = 23;

    public static UtteranceRecord Read(NpgsqlDataReader reader) => new()
    {
        DeviceId = reader.GetString(0),
        UtteranceId = reader.GetGuid(1),
        SequenceNumber = reader.GetInt64(2),
        StartedAt = reader.GetTime(3),
        ReceivedAt = reader.GetTime(4),
        Duration = TimeSpan.FromMilliseconds(reader.GetInt32(5)),
        Status = (UtteranceStatus)reader.GetInt16(6),
        Text = reader.GetString(7),
        Confidence = reader.GetNumber(8),
        Reason = reader.GetText(9),
        Trigger = (Trigger)reader.GetInt16(10),
        Keyword = reader.GetText(11),
        KeywordScore = reader.GetNumber(12),
        KeywordModelId = reader.GetText(13),
        Source = reader.GetText(14),
        EndReason = (UtteranceEnd.Types.Reason)reader.GetInt16(15),
        Engine = reader.GetText(16),
        Model = reader.GetText(17),
        Deployment = reader.GetText(18),
        RequestId = reader.GetText(19),
        TranscribedAt = reader.IsDBNull(20) ? null : reader.GetTime(20),
        Clock = (Clock)reader.GetInt16(21),
        HasAudio = reader.GetBoolean(22),
    };
}
