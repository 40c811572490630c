using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Benchmarks.GrpcCalls;

namespace Fleet.Benchmarks.Ingest;

/// <summary>
/// How fast utterances are stored and acked, against a bare loop that inserts the same rows into the same server in the same run; how long a lone
/// ack takes; what half load does to it; what an outage of the database does to the silo's memory. Loads take turns in each round.
/// </summary>
internal static class IngestCommand
{
    public const string Usage =
        """
              --quick             two short rounds up to 64 devices, no outage: under a minute
              --part NAME         only this part: rate, lone, half, outage (repeatable)
              --rounds N          rounds (5; 1 to 100)
              --seconds N         length of one measurement (4; 0.1 to 8)
              --audio-seconds N   length of each utterance, 32,000 bytes a second (3; 0.1 to 60)
              --devices N         devices that send as fast as they can (repeatable; 1, 8, 64, 256)
              --in-flight N       utterances that a device may have on their way (8; 1 to 64)
              --group N           rows in a transaction of the bare loop (64; 1 to 1000)
              --lone N            utterances of the lone device (200; 1 to 10000)
              --outage-minutes N  how long the database is away (5; 0.05 to 60)
              --talkers N         devices that talk meanwhile, in real time (200; 1 to 1000)
              --silo KEY=VALUE    an option of the silo, such as
                                  Fleet:Ingest:CommitMaxUtterances=256 (repeatable)
        """;

    private const int HalfLoadDevices = 64;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = IngestOptions.Parse(args);
        var start = Stopwatch.GetTimestamp();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}; {options.Rounds} rounds of "
            + $"{options.Measurement.TotalSeconds} s; load average {Machine.LoadAverage()}"));
        // Exit lets the handlers of ProcessExit end the servers; without it Ctrl-C would leave them behind.
        Console.CancelKeyPress += static (_, _) => Environment.Exit(130);
        Progress("starting PostgreSQL and the silo");
        IngestResults results = new();
        await using (var system = await IngestSystem.StartAsync(options.SiloOptions))
        {
            await using var devices = PeerProcess.Start(Own("devices"), server: false);
            await using var bare = PeerProcess.Start(Own("bare"), server: false);
            IngestRounds rounds = new(system, devices, bare, options, results, Progress);
            await rounds.PrepareAsync();
            await rounds.RunAsync(HalfLoadDevices);
            if (options.Has("outage"))
            {
                results.Outage = await new OutageRun(system, devices, options, Progress).RunAsync();
            }
        }

        Progress("");
        Console.WriteLine();
        Console.WriteLine(IngestReport.Write(results, options));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s, load average at the end {Machine.LoadAverage()}"));
        return results.Outage is { } outage && !outage.IsComplete ? 1 : 0;
    }

    private static PeerKind Own(string role) =>
        new(role, "dotnet", [], [typeof(IngestCommand).Assembly.Location, "ingest-" + role], new Dictionary<string, string>());

    private static void Progress(string text)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Console.Error.Write($"\r{text,-78}");
        }
    }
}
