using System.Security.Cryptography.X509Certificates;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Benchmarks.Connections;

/// <summary>A device at which nobody speaks: a connection of its own, one session, a heartbeat when it is due.</summary>
internal sealed class IdleDevice : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<DeviceMessage, CloudMessage> _call;
    private readonly IdleTotals _totals;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private IdleDevice(GrpcChannel channel, string key, IdleTotals totals)
    {
        _channel = channel;
        _totals = totals;
        _call = new DeviceIngest.DeviceIngestClient(channel).Connect(
            new Metadata { { "authorization", $"Bearer {key}" } }, cancellationToken: CancellationToken.None);
    }

    public static async Task<IdleDevice> OpenAsync(string deviceId, string address, string key, X509Certificate2? certificate, IdleTotals totals, TimeProvider time)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true });
        IdleDevice device = new(channel, key, totals);
        try
        {
            await device.BeginAsync(deviceId, time);
            return device;
        }
        catch
        {
            await device.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _call.Dispose();
        await _running;
        _channel.Dispose();
        _stop.Dispose();
    }

    // As the agent's own; and the certificate of this run, since no authority has signed it.
    private static SocketsHttpHandler Handler(X509Certificate2? certificate) => new()
    {
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => certificate is not null && shown?.GetCertHashString() == certificate.GetCertHashString(),
        },
    };

    private async Task BeginAsync(string deviceId, TimeProvider time)
    {
        await _call.RequestStream.WriteAsync(new DeviceMessage
        {
            Hello = new Hello
            {
                ProtocolVersion = 1,
                DeviceId = deviceId,
                InstallId = Guid.NewGuid().ToString("D"),
                BootId = Guid.NewGuid().ToString("D"),
                AgentVersion = "benchmark",
                NextSequenceNumber = 1,
                SettledBelow = 1,
            },
        });
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None))
        {
            throw new RpcException(_call.GetStatus());
        }

        var interval = TimeSpan.FromMilliseconds(_call.ResponseStream.Current.Welcome.HeartbeatIntervalMs);
        _totals.OnOpened();
        _running = Task.WhenAll(ReadAsync(), BeatAsync(interval, time));
    }

    private async Task ReadAsync()
    {
        var why = "";
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                if (_call.ResponseStream.Current.KindCase == CloudMessage.KindOneofCase.HeartbeatAck)
                {
                    _totals.OnAnswered();
                }
            }

            why = _call.GetStatus().ToString();
        }
        catch (Exception exception) when (exception is RpcException or IOException or ObjectDisposedException)
        {
            why = exception.Message;
        }

        if (!_stop.IsCancellationRequested)
        {
            _totals.OnBroken(why);
            await _stop.CancelAsync();
        }
    }

    private async Task BeatAsync(TimeSpan interval, TimeProvider time)
    {
        using PeriodicTimer timer = new(interval, time);
        try
        {
            for (ulong nonce = 1; await timer.WaitForNextTickAsync(_stop.Token); nonce++)
            {
                await _call.RequestStream.WriteAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = nonce, NextSequenceNumber = 1, SettledBelow = 1 } });
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException or IOException or InvalidOperationException)
        {
            // The session is over: its reader says why.
        }
    }
}
