using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>A device that sends bytes, whatever they mean.</summary>
internal sealed class RawDevice : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(20);

    private static readonly Method<byte[], CloudMessage> _connect = new(
        MethodType.DuplexStreaming,
        "fleet.v1.DeviceIngest",
        "Connect",
        Marshallers.Create(bytes => bytes, bytes => bytes),
        Marshallers.Create(message => message.ToByteArray(), CloudMessage.Parser.ParseFrom));

    private readonly AsyncDuplexStreamingCall<byte[], CloudMessage> _call;

    public RawDevice(SiloUnderTest silo, ChannelBase? channel = null, string? authorization = null) => _call = (channel ?? silo.NewChannel()).CreateCallInvoker()
        .AsyncDuplexStreamingCall(_connect, null, new CallOptions(new Metadata { { "authorization", authorization ?? $"Bearer {silo.JoinKey}" } }));

    public static Hello NewHello(string? deviceId = null) => new()
    {
        ProtocolVersion = 1,
        DeviceId = deviceId ?? $"raw-{Guid.NewGuid():N}"[..16],
        InstallId = Guid.NewGuid().ToString("D"),
        BootId = Guid.NewGuid().ToString("D"),
        AgentVersion = "raw-device 1",
        NextSequenceNumber = 1,
    };

    public Task SendAsync(byte[] bytes) => _call.RequestStream.WriteAsync(bytes).WaitAsync(_deadline);

    public Task SendAsync(DeviceMessage message) => SendAsync(message.ToByteArray());

    public Task HalfCloseAsync() => _call.RequestStream.CompleteAsync().WaitAsync(_deadline);

    /// <summary>False: the call had ended.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    public async Task<CloudMessage> NextAsync()
    {
        using var late = new CancellationTokenSource(_deadline);
        return await _call.ResponseStream.MoveNext(late.Token) ? _call.ResponseStream.Current : throw new RpcException(_call.GetStatus(), "The call ended.");
    }

    /// <summary>Reads until the call ends; its status.</summary>
    public async Task<Status> EndAsync()
    {
        using var late = new CancellationTokenSource(_deadline);
        try
        {
            while (await _call.ResponseStream.MoveNext(late.Token))
            {
            }

            return _call.GetStatus();
        }
        catch (RpcException exception) when (!late.IsCancellationRequested)
        {
            return exception.Status;
        }
    }

    public void Dispose() => _call.Dispose();
}
