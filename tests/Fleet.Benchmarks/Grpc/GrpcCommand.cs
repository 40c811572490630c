using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>
/// Calls and messages a second of our gRPC against @grpc/grpc-js, and against the real grpc-dotnet where its flavour is built, on loopback
/// without TLS; and what bare TCP does with the same bytes, as the limit of the machine. The machine may be noisy: all pairs take turns in each round, and the result is each round's ratio.
/// </summary>
internal static class GrpcCommand
{
    public const string Usage =
        """
              --quick             two short rounds without the largest payload: under 40 s
              --rounds N          rounds (5; at least 1)
              --milliseconds N    length of one measurement (300)
              --only TEXT         only the rows whose name contains TEXT, such as "unary x16"
                                  or "3200 B" (repeatable)
              --pair TEXT         only the pairs of client and server whose name contains TEXT
                                  (repeatable); the baseline always
        """;

    // Tiered compilation needs some thousand calls and half a second to settle.
    private const int WarmUpMilliseconds = 900;
    private const int QuickWarmUpMilliseconds = 250;

    // As many as any row has: it opens the connections that these need.
    private const int WarmUpConcurrency = 256;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = Arguments.Parse(args);
        var quick = arguments.Has("--quick");
        var rounds = (int)(arguments.Number("--rounds") ?? (quick ? 2 : 5));
        var milliseconds = (int)(arguments.Number("--milliseconds") ?? (quick ? 80 : 300));
        var only = arguments.All("--only");
        Scenario[] scenarios =
        [
            .. Scenario.All
                .Where(scenario => !quick || scenario.PayloadBytes <= Scenario.AudioChunkBytes)
                .Where(scenario => only.Count == 0 || only.Any(text => scenario.Name.Contains(text, StringComparison.Ordinal))),
        ];
        if (rounds < 1 || milliseconds < 1 || scenarios.Length == 0)
        {
            throw new UsageException("There is nothing to measure: --rounds and --milliseconds are at least 1, --only names a row such as \"flood 100 B\".");
        }

        var start = Stopwatch.GetTimestamp();
        await using PeerSet peers = await PeerSet.StartAsync(arguments.All("--pair"));
        Console.WriteLine(
            $"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}; "
            + $"this build's gRPC: {PeerKind.OwnName}; {rounds} rounds of {milliseconds} ms; load average {Machine.LoadAverage()}");
        await WarmUpAsync(peers, scenarios, quick ? QuickWarmUpMilliseconds : WarmUpMilliseconds);

        Results results = new();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (index, scenario) in scenarios.Index())
            {
                Progress($"round {round + 1} of {rounds}, {index + 1} of {scenarios.Length}: {scenario.Name}");

                // Another pair first each time: what the machine does at the beginning of a row must not always hit the same.
                for (var turn = 0; turn < peers.Pairs.Count; turn++)
                {
                    var pair = peers.Pairs[(turn + round + index) % peers.Pairs.Count];
                    if (pair.Measures(scenario))
                    {
                        results.Add(scenario, pair.Name, await pair.MeasureAsync(scenario, milliseconds));
                    }
                }
            }
        }

        Progress("");
        Console.WriteLine();
        Console.WriteLine(Report.Write(results, scenarios, [.. peers.Pairs.Select(static pair => pair.Name)], PeerSet.Baseline));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s, load average at the end {Machine.LoadAverage()}"));
        return 0;
    }

    // Each shape once, with the payload that most of our messages have.
    private static async Task WarmUpAsync(PeerSet peers, IReadOnlyList<Scenario> scenarios, int milliseconds)
    {
        foreach (var shape in scenarios.DistinctBy(static scenario => scenario.Shape))
        {
            Progress($"warming up: {shape.Shape}");
            foreach (var pair in peers.Pairs)
            {
                if (pair.Measures(shape))
                {
                    await pair.MeasureAsync(new Scenario(shape.Shape, Scenario.AudioChunkBytes, WarmUpConcurrency), milliseconds);
                }
            }
        }
    }

    private static void Progress(string text)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Console.Error.Write($"\r{text,-60}");
        }
    }
}
