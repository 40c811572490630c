using System.Globalization;
using Fleet.Silo.Transcription;

namespace Fleet.Benchmarks.Batching;

/// <summary>What a run of the batching benchmark measures.</summary>
internal sealed record BatchingOptions
{
    private static readonly double[] _loads = [0.1, 0.5, 0.7, 0.9, 1.0, 1.5];

    /// <summary>Shares of the best possible throughput.</summary>
    public required IReadOnlyList<double> Loads { get; init; }

    /// <summary>How long each is put on each policy.</summary>
    public required TimeSpan Lasting { get; init; }

    /// <summary>Calls that the endpoint works on at a time.</summary>
    public required int Parallel { get; init; }

    /// <summary>What the silo's option of this name is; by default its own default, with which it has to find out how many calls the endpoint takes.</summary>
    public required int MaxInFlight { get; init; }

    /// <summary>Costs of a call, of an utterance, of a second of audio.</summary>
    public required (TimeSpan Call, TimeSpan Utterance, TimeSpan Second) Cost { get; init; }

    /// <summary>Also the real recogniser.</summary>
    public required bool PocketSphinx { get; init; }

    public static BatchingOptions Parse(string[] args)
    {
        var arguments = Arguments.Parse(args);
        var quick = arguments.Has("--quick");
        var loads = arguments.All("--load");
        var options = new BatchingOptions
        {
            Loads = loads.Count > 0 ? [.. loads.Select(load => double.Parse(load, CultureInfo.InvariantCulture) / 100)] : quick ? [0.1, 1.0, 1.5] : _loads,
            Lasting = TimeSpan.FromSeconds(arguments.Number("--seconds") ?? (quick ? 3 : 5)),
            Parallel = (int)(arguments.Number("--parallel") ?? 2),
            MaxInFlight = (int)(arguments.Number("--max-in-flight") ?? new ScoringOptions().MaxInFlight),
            Cost = (
                arguments.Milliseconds("--call-ms") ?? TimeSpan.FromMilliseconds(50),
                arguments.Milliseconds("--utterance-ms") ?? TimeSpan.FromMilliseconds(7.5),
                arguments.Milliseconds("--second-ms") ?? TimeSpan.FromMilliseconds(5)),
            PocketSphinx = !quick && !arguments.Has("--no-pocketsphinx"),
        };
        return options switch
        {
            { Lasting.TotalSeconds: < 1 or > 600 } => throw new UsageException($"--seconds is {options.Lasting.TotalSeconds}; it must be 1 to 600."),
            { Parallel: < 1 or > 64 } => throw new UsageException($"--parallel is {options.Parallel}; it must be 1 to 64."),
            { MaxInFlight: < 1 or > 256 } => throw new UsageException($"--max-in-flight is {options.MaxInFlight}; it must be 1 to 256."),
            _ when options.Loads.Any(static load => load is < 0.01 or > 10) => throw new UsageException("--load must be 1 to 1000, in percent."),
            _ => options,
        };
    }
}
