using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>What the beginning of a container says of the utterance and of how the rest is written.</summary>
internal sealed record SpoolHeader
{
    /// <summary>2 is what this agent writes; 1 is from an agent before it.</summary>
    public required int Version { get; init; }

    public required UtteranceStart Start { get; init; }

    /// <summary>Where the audio begins.</summary>
    public required int Length { get; init; }

    /// <summary>The bytes that the authentication code covers: all but the marks.</summary>
    public ReadOnlyMemory<byte> Authenticated { get; init; }

    public bool IsEncrypted { get; init; }

    public ReadOnlyMemory<byte> Nonce { get; init; }

    /// <summary>The utterance whose place it took when its time was corrected: should both be there, that one goes.</summary>
    public Guid Replaces { get; init; }

    /// <summary>The boot of the machine that wrote it.</summary>
    public Guid BootId { get; init; }

    /// <summary>The spool's own clock when it was made; null: not known.</summary>
    public TimeSpan? BornAt { get; init; }

    public int TrailerLength => Version == 1 ? SpoolFormatV1.TrailerLength : SpoolFormat.TrailerLength;

    /// <summary>The keys of this container; null: it is not encrypted.</summary>
    public FileKeys? Keys(SpoolKey? key) => IsEncrypted ? key?.For(Nonce.Span) : null;
}
