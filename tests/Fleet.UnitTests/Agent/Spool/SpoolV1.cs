using System.Buffers.Binary;
using Fleet.DeviceAgent.Spool;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.UnitTests.Agent.Spool;

/// <summary>A container as agents before version 2 wrote it.</summary>
internal static class SpoolV1
{
    public static byte[] File(UtteranceStart start, byte[] pcm, UtteranceEnd.Types.Reason reason)
    {
        var message = start.ToByteArray();
        var file = new byte[16 + message.Length + pcm.Length + 28];
        "FLTUTT1\n"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), Crc32C.Of(message));
        message.CopyTo(file, 16);
        pcm.CopyTo(file, 16 + message.Length);
        var trailer = file.AsSpan(file.Length - 28);
        "FLTEND1\n"u8.CopyTo(trailer);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[8..], pcm.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[16..], Crc32C.Of(pcm));
        BinaryPrimitives.WriteInt32LittleEndian(trailer[20..], (int)reason);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[24..], Crc32C.Of(trailer[..24]));
        return file;
    }
}
