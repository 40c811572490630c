using System.Diagnostics;
using Fleet.Benchmarks.GrpcCalls;

namespace Fleet.Benchmarks.Ingest;

/// <summary>What it costs here until a page is on the disk: no commit can be faster.</summary>
internal static class SyncProbe
{
    private const int PageBytes = 8_192;
    private const int Writes = 200;

    public static (double P50Milliseconds, double P99Milliseconds) Measure(string folder)
    {
        var file = Path.Combine(folder, "sync-probe");
        LatencyRecorder latencies = new();
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write, preallocationSize: PageBytes * (long)Writes);
            var page = new byte[PageBytes];
            for (var pass = 0; pass < 2; pass++)
            {
                // The first pass makes the file as long as it will be, as PostgreSQL's log is when it is written.
                latencies.Clear();
                for (var i = 0; i < Writes; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    RandomAccess.Write(handle, page, i * (long)PageBytes);
                    RandomAccess.FlushToDisk(handle);
                    latencies.Add(start);
                }
            }

            var (p50, p99) = latencies.Microseconds();
            return (p50 / 1_000, p99 / 1_000);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
