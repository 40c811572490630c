using System.Globalization;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Transcripts;
using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>What the sessions of one device share, one after the other.</summary>
internal sealed record UplinkContext
{
    public const uint ProtocolVersion = 1;

    public required string DeviceId { get; init; }

    public required string AgentVersion { get; init; }

    public required Install Install { get; init; }

    public required UtteranceSpool Spool { get; init; }

    public required SendQueue Queue { get; init; }

    public required LossQueue Losses { get; init; }

    public required ClockCorrection Correction { get; init; }

    public required TranscriptTracker Transcripts { get; init; }

    public required UplinkOptions Options { get; init; }

    public required DeviceHealth Health { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>When the last session ended, or the agent started: a timestamp of <see cref="Time"/>.</summary>
    public long OfflineSince { get; set; }

    /// <summary>Set when there may be something to send.</summary>
    public WakeSignal Wake { get; } = new();

    public DeviceMessage Hello()
    {
        var (next, settledBelow) = Numbers();
        return new DeviceMessage
        {
            Hello = new Hello
            {
                ProtocolVersion = ProtocolVersion,
                DeviceId = DeviceId,
                InstallId = Install.InstallId.ToString("D", CultureInfo.InvariantCulture),
                BootId = Install.BootId.ToString("D", CultureInfo.InvariantCulture),
                AgentVersion = AgentVersion,
                DeviceTimeUnixMs = Time.GetUtcNow().ToUnixTimeMilliseconds(),
                NextSequenceNumber = next,
                SettledBelow = settledBelow,
            },
        };
    }

    public DeviceMessage Heartbeat(ulong nonce)
    {
        var (next, settledBelow) = Numbers();
        return new DeviceMessage
        {
            Heartbeat = new Heartbeat
            {
                Nonce = nonce,
                SpoolUtterances = (uint)Spool.Count,
                SpoolBytes = (ulong)Spool.Bytes,
                Health = { Health.Current },
                NextSequenceNumber = next,
                SettledBelow = settledBelow,
            },
        };
    }

    // The next number first: an utterance is in the spool before its number is used, so one that begins between the two reads is seen by the
    // second or has a number that is not below the first. The other way round the cloud would look for a row that cannot be there yet.
    private (ulong Next, ulong SettledBelow) Numbers()
    {
        var next = Install.NextSequenceNumber;
        return (next, Spool.SettledBelow(next));
    }
}
