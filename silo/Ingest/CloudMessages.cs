using Fleet.Contracts.Actors;
using Fleet.V1;

namespace Fleet.Silo.Ingest;

/// <summary>Makes the messages that go down to devices.</summary>
internal static class CloudMessages
{
    public static CloudMessage Stored(Guid utteranceId, bool duplicate) => new()
    {
        UtteranceStored = new UtteranceStored { UtteranceId = utteranceId.ToString("D"), Duplicate = duplicate },
    };

    public static CloudMessage Rejected(Guid utteranceId, UtteranceRejected.Types.Code code, bool retryable, string message) => new()
    {
        UtteranceRejected = new UtteranceRejected { UtteranceId = utteranceId.ToString("D"), Code = code, Retryable = retryable, Message = message },
    };

    public static CloudMessage Transcript(TranscriptNotice notice)
    {
        var transcript = new Transcript
        {
            UtteranceId = notice.UtteranceId.ToString("D"),
            Status = notice.Status,
            Text = notice.Text,
            Reason = notice.Reason,
            Engine = notice.Engine,
            Model = notice.Model,
        };
        if (notice.Confidence is { } confidence)
        {
            transcript.Confidence = confidence;
        }

        return new CloudMessage { Transcript = transcript };
    }

    public static CloudMessage HeartbeatAck(ulong nonce, DateTimeOffset now) => new()
    {
        HeartbeatAck = new HeartbeatAck { Nonce = nonce, ServerTimeUnixMs = now.ToUnixTimeMilliseconds() },
    };

    public static CloudMessage Slow(int creditBytes) => new()
    {
        Slow = new Slow
        {
            CreditBytes = (ulong)creditBytes,
            Reason = creditBytes == 0 ? "The silo's memory is nearly full: the database takes too little." : "There is room again.",
        },
    };

    public static CloudMessage Drain(TimeSpan within, TimeSpan reconnectJitter) => new()
    {
        Drain = new Drain { WithinMs = (uint)within.TotalMilliseconds, ReconnectJitterMs = (uint)reconnectJitter.TotalMilliseconds },
    };
}
