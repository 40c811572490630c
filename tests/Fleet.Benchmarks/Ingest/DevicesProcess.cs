using System.Diagnostics;
using Fleet.Benchmarks.GrpcCalls;
using Grpc.Core;

namespace Fleet.Benchmarks.Ingest;

/// <summary>A process with all devices of a run; does what each line that it reads says, and ends with its input.</summary>
internal static class DevicesProcess
{
    public static int Run()
    {
        DeviceLoads loads = new(TimeProvider.System);

        // On the main thread: reading the console would take one of the few threads of the pool.
        while (Console.In.ReadLine() is { } line)
        {
            var order = PeerJson.Read<DevicesOrder>(line);
            var start = Stopwatch.GetTimestamp();
            var before = ProcessUsage.Now();
            string? error = null;
            try
            {
                loads.RunAsync(order).GetAwaiter().GetResult();
            }
            catch (Exception exception) when (exception is RpcException or IOException or TimeoutException or InvalidOperationException)
            {
                error = exception.Message;
            }

            var report = loads.Report(Stopwatch.GetElapsedTime(start));
            Console.WriteLine(PeerJson.Write(report with
            {
                CpuSeconds = ProcessUsage.Now().Since(before).CpuMicroseconds / 1_000_000,
                Error = error ?? report.Error,
            }));
        }

        loads.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return 0;
    }
}
