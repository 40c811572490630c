using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.Silo.Transcription;
using Fleet.Testing;

namespace Fleet.Benchmarks.Batching;

/// <summary>The same in front of our scoring server with PocketSphinx, whose calls cost nothing by themselves: there batches are worth nothing.</summary>
internal static class RecogniserRun
{
    private static readonly TimeSpan _lasting = TimeSpan.FromSeconds(12);
    private static readonly double[] _loads = [0.5, 1.5];

    public static async Task MeasureAsync(IReadOnlyList<ReadOnlyMemory<byte>> recordings)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-batching-").FullName;
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Any()}");
        await using var server = TestProgram.Start("Fleet.Scoring", [
            $"--Fleet:ScoringServer:Listen={address["http://".Length..]}", $"--Fleet:ScoringServer:KeyFile={Path.Combine(folder, "key")}"]);
        try
        {
            await WaitUntilReadyAsync(new Uri(address + "/ready"));
            var target = new ScoringTarget
            {
                Name = ScoringTarget.OnlyName, Endpoint = new Uri(address + "/score"), Format = ScoringFormat.Batch, Timeout = TimeSpan.FromMinutes(1),
                KeyFile = Path.Combine(folder, "key"), ConcurrentRequests = Environment.ProcessorCount,
            };
            var ideal = await BestAsync(target, recordings);
            Console.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PocketSphinx, {Environment.ProcessorCount} decoders, the recordings of samples/: at the most {ideal:F2} utterances/s, one a call."));
            Console.WriteLine();
            List<LoadResult> results = [];
            foreach (var load in _loads)
            {
                foreach (var kind in new[] { PolicyKind.Direct, PolicyKind.NoDelay, PolicyKind.Ours })
                {
                    results.Add(await LoadRun.RunAsync(kind, target, load, Loads.Of(recordings, load * ideal, _lasting, seed: 4711), LoadRun.ShortGrace));
                    await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"PocketSphinx: {kind.Name} at {load * 100:F0} %"));
                }
            }

            Console.WriteLine(BatchingReport.Table(results, ideal));
        }
        finally
        {
            await server.StopAsync(TimeSpan.FromMinutes(1));
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All recordings, as many calls at a time as there are decoders.</summary>
    private static async Task<double> BestAsync(ScoringTarget target, IReadOnlyList<ReadOnlyMemory<byte>> recordings)
    {
        using var client = Clients.Create(target);
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(
            recordings,
            new ParallelOptions { MaxDegreeOfParallelism = target.ConcurrentRequests },
            async (pcm, token) =>
            {
                var result = await client.ScoreAsync([new ScoreInput(Guid.NewGuid(), pcm)], Guid.NewGuid().ToString("N"), token);
                if (!result.IsAnswer)
                {
                    throw new UsageException($"The scoring server gave no answer: {result.Whole.Reason}");
                }
            });
        return recordings.Count / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task WaitUntilReadyAsync(Uri ready)
    {
        using var http = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var response = await http.GetAsync(ready);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (tries < 300)
            {
                // It is starting.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
