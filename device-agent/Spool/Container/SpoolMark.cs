namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>
/// So much audio was flushed, and this is the checksum of its bytes as they lie in the file. After the end no audio follows, but the trailer.
/// </summary>
internal readonly record struct SpoolMark(long LengthBytes, uint Crc32C, bool IsEnd = false);
