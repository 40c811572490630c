using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>
/// The same bytes over a bare TCP connection, blocking, one thread a direction, without frames, messages or objects: what loopback itself allows on
/// this machine at this moment, beneath which nothing can get.
/// </summary>
internal static class TcpPeer
{
    public const string Name = "bare TCP";

    // 9 bytes of an HTTP/2 frame and 5 of a gRPC message.
    private const int FramingBytes = 14;
    private const int ReadBytes = 256 * 1024;

    // Of one message: a call has a request and a reply like a ping-pong, but several at a time would need frames.
    public static bool Measures(Scenario scenario) => scenario.Shape != Load.Unary;

    public static int RunServer()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Console.WriteLine(PeerJson.Write(new ServerReport(((IPEndPoint)listener.LocalEndpoint).Port, 0, 0)));
        new Thread(() =>
        {
            while (true)
            {
                var socket = listener.AcceptSocket();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        })
        { IsBackground = true }.Start();
        while (Console.In.ReadLine() is not null)
        {
            Console.WriteLine(PeerJson.Write(new ServerReport(0, ProcessUsage.Now().CpuMicroseconds, 0)));
        }

        return 0;
    }

    public static int RunClient()
    {
        LatencyRecorder latencies = new();
        while (Console.In.ReadLine() is { } line)
        {
            var load = PeerJson.Read<Load>(line);
            latencies.Clear();
            var before = ProcessUsage.Now();
            var time = TimeLimit.Start(load.Milliseconds);
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, load.Port);
            socket.Send(Request(load));
            var count = Run(socket, load, time, latencies);
            var (p50, p99) = latencies.Microseconds();
            Console.WriteLine(PeerJson.Write(new LoadResult(
                count, time.Elapsed.TotalSeconds, p50, p99, ProcessUsage.Now().Since(before).CpuMicroseconds, 0)));
        }

        return 0;
    }

    private static int Run(Socket socket, Load load, TimeLimit time, LatencyRecorder latencies)
    {
        var message = new byte[load.PayloadBytes + FramingBytes];
        switch (load.Shape)
        {
            case Load.PingPong:
                while (!time.IsOver)
                {
                    var start = Stopwatch.GetTimestamp();
                    socket.Send(message);
                    for (var got = 0; got < message.Length;)
                    {
                        got += socket.Receive(message.AsSpan(got));
                    }

                    latencies.Add(start);
                }

                return latencies.Count;
            case Load.Download:
                return (int)(Drain(socket) / message.Length);
            default:
                Thread? reading = null;
                if (load.Shape == Load.Flood)
                {
                    reading = new Thread(() => Drain(socket));
                    reading.Start();
                }

                var sent = 0;
                for (; !time.IsOver; sent++)
                {
                    socket.Send(message);
                }

                socket.Shutdown(SocketShutdown.Send);
                reading?.Join();
                if (reading is null)
                {
                    Drain(socket);
                }

                return sent;
        }
    }

    private static byte[] Request(Load load)
    {
        var request = new byte[9];
        request[0] = (byte)load.Shape[0];
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(1), load.PayloadBytes + FramingBytes);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(5), load.Milliseconds);
        return request;
    }

    private static void Serve(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            var request = new byte[9];
            for (var got = 0; got < request.Length;)
            {
                got += socket.Receive(request.AsSpan(got));
            }

            var buffer = new byte[ReadBytes];
            switch ((char)request[0])
            {
                case 'd':
                    var time = TimeLimit.Start(BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(5)));
                    while (!time.IsOver)
                    {
                        socket.Send(buffer.AsSpan(0, BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(1))));
                    }

                    break;
                case 'u':
                    Drain(socket);
                    break;
                default:
                    while (socket.Receive(buffer) is > 0 and var count)
                    {
                        socket.Send(buffer.AsSpan(0, count));
                    }

                    break;
            }
        }
    }

    private static long Drain(Socket socket)
    {
        var buffer = new byte[ReadBytes];
        long bytes = 0;
        while (socket.Receive(buffer) is > 0 and var count)
        {
            bytes += count;
        }

        return bytes;
    }
}
