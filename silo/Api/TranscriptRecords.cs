using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Silo.Api;

/// <summary>Rows of the history as the fleet API shows them.</summary>
internal static class TranscriptRecords
{
    public static TranscriptChange From(UtteranceChange change) => new()
    {
        Transcript = change.Utterance is { } utterance ? From(utterance) : null,
        Erased = change.Utterance is null
            ? new UtteranceName { DeviceId = change.Key.DeviceId, UtteranceId = change.Key.UtteranceId.ToString("D") }
            : null,
        ResumeToken = change.Position.ToToken(),
    };

    public static TranscriptRecord From(UtteranceRecord row)
    {
        var record = new TranscriptRecord
        {
            DeviceId = row.DeviceId,
            UtteranceId = row.UtteranceId.ToString("D"),
            SequenceNumber = (ulong)row.SequenceNumber,
            StartedAtUnixMs = row.StartedAt.ToUnixTimeMilliseconds(),
            ReceivedAtUnixMs = row.ReceivedAt.ToUnixTimeMilliseconds(),
            DurationMs = (uint)row.Duration.TotalMilliseconds,
            Status = row.Status,
            Text = row.Text,
            Reason = row.Reason ?? "",
            Trigger = row.Trigger,
            Keyword = row.Keyword ?? "",
            KeywordModelId = row.KeywordModelId ?? "",
            Source = row.Source ?? "",
            Engine = row.Engine ?? "",
            Model = row.Model ?? "",
            Deployment = row.Deployment ?? "",
            TranscribedAtUnixMs = row.TranscribedAt?.ToUnixTimeMilliseconds() ?? 0,
            HasAudio = row.HasAudio,
            Clock = row.Clock,
            Endpoint = row.Endpoint ?? "",
            RequestId = row.RequestId ?? "",
        };
        if (row.Confidence is { } confidence)
        {
            record.Confidence = confidence;
        }

        if (row.KeywordScore is { } keywordScore)
        {
            record.KeywordScore = keywordScore;
        }

        if (row.Queued is { } queued)
        {
            record.QueuedMs = (uint)queued.TotalMilliseconds;
        }

        if (row.Scored is { } scored)
        {
            record.ScoredMs = (uint)scored.TotalMilliseconds;
        }

        if (row.Version is { } version)
        {
            record.Version = (uint)version;
        }

        return record;
    }
}
