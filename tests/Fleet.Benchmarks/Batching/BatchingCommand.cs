using System.Globalization;
using Fleet.Audio;
using Fleet.Silo.Transcription;
using Fleet.Testing;
using Fleet.Testing.FakeAzure;

namespace Fleet.Benchmarks.Batching;

/// <summary>Ways to batch, compared in front of an endpoint whose cost is known, and of the real recogniser.</summary>
internal static class BatchingCommand
{
    public const string Usage =
        """
              --quick             three loads of 3 s, without the recogniser: a minute
              --load P            a load in percent of the best possible (repeatable; 10 50 70 90 100 150)
              --seconds S         how long each is put on each policy (5; 1 to 600)
              --parallel N        calls that the endpoint works on at a time (2; 1 to 64)
              --max-in-flight N   Fleet:Scoring:MaxInFlight of the silo (32; 1 to 256)
              --call-ms MS        its cost of a call (50)
              --utterance-ms MS   and of an utterance (7.5)
              --second-ms MS      and of a second of audio (5)
              --no-pocketsphinx   without the recogniser
        """;

    private const int MostUtterances = 32;
    private const int Seed = 4711;

    // With failures none is to stay behind for ever; how long it took is in the latencies.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        var options = BatchingOptions.Parse(args);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores; load average {Machine.LoadAverage()}"));
        var ideal = Ideal(options);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Endpoint: {options.Cost.Call.TotalMilliseconds} ms a call, {options.Cost.Utterance.TotalMilliseconds} ms an utterance, {options.Cost.Second.TotalMilliseconds} ms a second of audio, {options.Parallel} calls at a time; utterances of {Loads.MeanSeconds} s on the average. Ideal: {ideal:F1} utterances/s, {MostUtterances} a call."));
        Console.WriteLine();
        await MeasureAsync(options, PolicyKind.All, 1, ideal, TimeSpan.FromSeconds(1)); // what follows is compiled
        List<LoadResult> results = [];
        foreach (var load in options.Loads)
        {
            // Few utterances tell little: the lightest load lasts longer.
            results.AddRange(await MeasureAsync(options, PolicyKind.All, load, ideal, load < 0.3 ? options.Lasting * 2 : options.Lasting));
        }

        Console.WriteLine(BatchingReport.Table(results, ideal));
        Console.WriteLine(BatchingReport.Goals(results, ideal));
        await MeasureFaultsAsync(options, ideal);
        var recordings = Recordings();
        Console.WriteLine(BodySizes.Report(recordings));
        if (options.PocketSphinx)
        {
            await RecogniserRun.MeasureAsync(recordings);
        }

        Console.WriteLine($"Load average at the end {Machine.LoadAverage()}");
        return 0;
    }

    private static double Ideal(BatchingOptions options) => options.Parallel * MostUtterances
        / EndpointOptions(options).CostOf(MostUtterances, MostUtterances * Loads.MeanSeconds, 0).TotalSeconds;

    private static AzureEndpointOptions EndpointOptions(BatchingOptions options) => new()
    {
        MaxConcurrentRequestsPerInstance = options.Parallel,
        RequestTimeout = TimeSpan.FromMinutes(1),
        CallCost = options.Cost.Call,
        UtteranceCost = options.Cost.Utterance,
        SecondCost = options.Cost.Second,
    };

    private static async Task<List<LoadResult>> MeasureAsync(BatchingOptions options, IReadOnlyList<PolicyKind> kinds, double load, double ideal, TimeSpan lasting)
    {
        List<LoadResult> results = [];
        foreach (var kind in kinds)
        {
            await using var endpoint = await FakeAzureEndpoint.StartAsync(EndpointOptions(options));
            var result = await LoadRun.RunAsync(kind, Target(endpoint, options), load, Loads.OfNoise(load * ideal, lasting, Seed), LoadRun.ShortGrace);
            List<AzureCall> answered = [.. endpoint.Calls.Where(static call => call.Status == 200 && call.Utterances > 0)];
            results.Add(result with
            {
                UtterancesPerCall = answered.Average(static call => call.Utterances),
                SecondsPerUtterance = answered.Sum(static call => call.Seconds) / answered.Sum(static call => call.Utterances),
            });
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{kind.Name} at {load * 100:F0} %"));
        }

        return results;
    }

    /// <summary>Five calls in a hundred are answered with 503, and one utterance in two hundred is one that the model fails at.</summary>
    private static async Task MeasureFaultsAsync(BatchingOptions options, double ideal)
    {
        var utterances = Loads.OfNoise(0.7 * ideal, options.Lasting, Seed);
        var poisoned = utterances.Where(static (_, i) => i % 200 == 100).Select(static one => one.Id).ToHashSet();
        foreach (var format in new[] { ScoringFormat.Batch, ScoringFormat.List })
        {
            var endpointOptions = EndpointOptions(options);
            endpointOptions.UnavailableShare = 0.05;
            // With "data" there are no ids: it knows them by a length that no other has.
            var lengths = utterances.Where(one => poisoned.Contains(one.Id)).Select(static one => one.Pcm.Length / 2).ToHashSet();
            endpointOptions.IsPoisoned = (id, samples) => id.Length > 0 ? poisoned.Contains(Guid.Parse(id)) : lengths.Contains(samples);
            await using var endpoint = await FakeAzureEndpoint.StartAsync(endpointOptions);
            var result = await LoadRun.RunAsync(
                PolicyKind.Ours, Target(endpoint, options) with { Format = format }, 0.7,
                [.. utterances.Select(one => poisoned.Contains(one.Id) || !lengths.Contains(one.Pcm.Length / 2) ? one : one with { Pcm = one.Pcm[2..] })], _patience, poisoned);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"With 5 % of the calls answered 503 and one utterance in 200 poisoned, format {format}, 70 % load: {result.Failed} of {result.Said - poisoned.Count} healthy utterances failed, {result.Open} open (poisoned: {poisoned.Count}); {endpoint.Calls.Count} calls, {endpoint.Calls.Count(static call => call.Status == 503)} of them 503; p95 {result.Percentile(0.95) * 1_000:F0} ms."));
        }

        Console.WriteLine();
    }

    private static ScoringTarget Target(FakeAzureEndpoint endpoint, BatchingOptions options) => new()
    {
        Name = ScoringTarget.OnlyName,
        Endpoint = endpoint.Endpoint,
        Format = ScoringFormat.Batch,
        Timeout = TimeSpan.FromMinutes(1),
        ConcurrentRequests = options.Parallel,
        MaxInFlight = options.MaxInFlight,
    };

    private static IReadOnlyList<ReadOnlyMemory<byte>> Recordings() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "samples"), "*.wav").Order(StringComparer.Ordinal).Select(static file =>
        {
            var audio = WavReader.ReadFile(file);
            if (audio.SampleRateHz != 16_000)
            {
                throw new UsageException($"{file} has {audio.SampleRateHz} Hz, not 16,000.");
            }

            return (ReadOnlyMemory<byte>)System.Runtime.InteropServices.MemoryMarshal.AsBytes(audio.Samples.Span).ToArray();
        }),
    ];
}
