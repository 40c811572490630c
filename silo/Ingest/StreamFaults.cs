using Google.Protobuf;
using Grpc.Core;

namespace Fleet.Silo.Ingest;

/// <summary>What a device is told when its stream cannot be read.</summary>
internal static class StreamFaults
{
    /// <summary>Bytes that are no message: the device's fault, whichever gRPC library found it, and with which status.</summary>
    public static bool IsNotProtobuf(Exception exception) =>
        exception is InvalidProtocolBufferException or RpcException { Status.DebugException: InvalidProtocolBufferException };

    public static Status NotProtobuf { get; } = new(
        StatusCode.InvalidArgument, "The message is not a fleet.v1.DeviceMessage: send protobuf as in device_ingest.proto, then connect again.");
}
