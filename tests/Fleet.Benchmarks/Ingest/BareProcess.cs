using System.Diagnostics;
using Fleet.Benchmarks.GrpcCalls;
using Npgsql;

namespace Fleet.Benchmarks.Ingest;

/// <summary>
/// The baseline in a process of its own: one connection that inserts the rows that the silo would insert, as fast as it can, and does nothing
/// else: nobody to listen to, no epochs, no look for what was erased, nobody to answer. Ends with its input.
/// </summary>
internal static class BareProcess
{
    public static int Run()
    {
        LatencyRecorder latencies = new();
        while (Console.In.ReadLine() is { } line)
        {
            Console.WriteLine(PeerJson.Write(Measure(PeerJson.Read<BareOrder>(line), latencies)));
        }

        return 0;
    }

    private static BareReport Measure(BareOrder order, LatencyRecorder latencies)
    {
        latencies.Clear();
        DeviceAudio audio = new(order.AudioBytes);
        try
        {
            using NpgsqlConnection connection = new(order.ConnectionString);
            connection.Open();
            using var batch = BareStatements.Create(connection);
            var time = TimeLimit.Start(order.Milliseconds);
            var transactions = 0;
            for (; transactions < order.Transactions && !time.IsOver; transactions++)
            {
                BareStatements.Fill(batch, audio, order.GroupRows, transactions * (long)order.GroupRows);
                var start = Stopwatch.GetTimestamp();
                batch.ExecuteNonQuery();
                latencies.Add(start);
            }

            var (p50, p99) = latencies.Microseconds();
            return new BareReport(time.Elapsed.TotalSeconds, transactions * (long)order.GroupRows, p50 / 1_000, p99 / 1_000);
        }
        catch (NpgsqlException exception)
        {
            return new BareReport(0, 0, 0, 0, exception.Message);
        }
    }
}
