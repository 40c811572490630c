using System.Net;
using System.Net.Sockets;

namespace Fleet.Chaos.Network;

/// <summary>A TCP proxy on loopback in front of one server, as bad as it is told to be.</summary>
internal sealed class TcpLink : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<Socket, Task> _connections = [];
    private readonly Task _accepting;
    private LinkMode _mode;
    private long _delayMs;
    private TaskCompletionSource _changed = NewSignal();

    /// <param name="target">The server on loopback.</param>
    /// <param name="time">For delays.</param>
    public TcpLink(IPEndPoint target, TimeProvider time)
    {
        _target = target;
        _time = time;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port; // bound above
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections that are open now.</summary>
    public int Connections
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Holds each piece back for so long, in both directions.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromMilliseconds(Volatile.Read(ref _delayMs));
        set => Volatile.Write(ref _delayMs, (long)value.TotalMilliseconds);
    }

    public LinkMode Mode
    {
        get
        {
            lock (_lock)
            {
                return _mode;
            }
        }

        set
        {
            TaskCompletionSource changed;
            List<Socket> doomed;
            lock (_lock)
            {
                var swallowed = _mode == LinkMode.Swallow && value != LinkMode.Swallow;
                doomed = value == LinkMode.Cut || swallowed ? [.. _connections.Keys] : [];
                _mode = value;
                changed = _changed;
                _changed = NewSignal();
            }

            doomed.ForEach(Reset);
            changed.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        List<KeyValuePair<Socket, Task>> open;
        lock (_lock)
        {
            open = [.. _connections];
        }

        open.ForEach(connection => Reset(connection.Key));
        await Task.WhenAll(open.Select(connection => connection.Value));
        _closing.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>RST, not FIN: the other side must not take it for an end in good order.</summary>
    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_closing.Token);
                lock (_lock)
                {
                    if (_mode == LinkMode.Cut)
                    {
                        Reset(client);
                        continue;
                    }

                    // Under the lock: the connection is in the list before it can take itself out.
                    _connections.Add(client, Task.Run(() => ServeAsync(client), CancellationToken.None));
                }
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The link is being taken down.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.NoDelay = server.NoDelay = true;
            await PassableAsync(LinkMode.Stall);
            await server.ConnectAsync(_target, _closing.Token);
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Refused, reset or cut: the other side gets the same.
            Reset(server);
        }
        finally
        {
            lock (_lock)
            {
                _connections.Remove(client);
            }

            Reset(client);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer, _closing.Token) is var count and > 0)
            {
                await PassableAsync(LinkMode.Stall);
                if (Delay is var delay && delay > TimeSpan.Zero)
                {
                    await Task.Delay(delay, _time, _closing.Token);
                }

                for (var sent = 0; sent < count && Mode != LinkMode.Swallow;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _closing.Token);
                }
            }

            await PassableAsync(LinkMode.Stall);
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // One direction is broken: so is the other.
            Reset(from);
            Reset(to);
            throw;
        }
    }

    private async Task PassableAsync(LinkMode closed)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_mode != closed)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(_closing.Token);
        }
    }
}
