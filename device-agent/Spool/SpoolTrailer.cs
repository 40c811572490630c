using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>What is known of an utterance once it has ended.</summary>
internal sealed record SpoolTrailer(long LengthBytes, uint Crc32C, UtteranceEnd.Types.Reason Reason);
