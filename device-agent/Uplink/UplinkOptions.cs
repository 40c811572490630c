using System.ComponentModel.DataAnnotations;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>How one device talks to the cloud.</summary>
internal sealed class UplinkOptions
{
    /// <summary>Audio in one message while somebody speaks. 20 ms to 1 s, default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:00:01")]
    public TimeSpan Chunk { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Audio in one message of an utterance that is complete already: fewer messages for a backlog. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:00:10")]
    public TimeSpan BacklogChunk { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Utterances sent and not yet answered. 1 to 8 (the protocol's bound), default 8.</summary>
    [Range(1, 8)]
    public int MaxInFlight { get; init; } = 8;

    /// <summary>Losses reported and not yet answered. 1 to 64, default 8.</summary>
    [Range(1, 64)]
    public int MaxLossesInFlight { get; init; } = 8;

    /// <summary>The longest utterance that the recorder makes; credit is set aside for it while its length is not known.</summary>
    public TimeSpan MaxUtterance { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait before the first new attempt to connect; doubles with each. Default 1 s.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between attempts, and the wait after a refusal that a person must mend. Default 60 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for the connection and its Welcome. Default 15 s.</summary>
    public TimeSpan WelcomeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Longest wait for the cloud to say where utterances stand; then they are sent from their start. Default 12 s: a cloud whose database is away
    /// answers after 10 s.
    /// </summary>
    public TimeSpan ResumeTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Longest wait for the cloud to end a session that the device has half-closed. Default 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
