namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>All samples of a run by scenario, pair and round.</summary>
internal sealed class Results
{
    private readonly Dictionary<(Scenario Scenario, string Pair), List<Sample>> _samples = [];

    public void Add(Scenario scenario, string pair, Sample sample)
    {
        if (!_samples.TryGetValue((scenario, pair), out var list))
        {
            _samples[(scenario, pair)] = list = [];
        }

        list.Add(sample);
    }

    public bool Has(Scenario scenario, string pair) => _samples.ContainsKey((scenario, pair));

    public double Median(Scenario scenario, string pair, Func<Sample, double> value) =>
        Statistics.Median(_samples[(scenario, pair)].Select(value));

    /// <summary>A pair's calls per second as multiples of the baseline's of the same round.</summary>
    public IReadOnlyList<double> Ratios(Scenario scenario, string pair, string baseline) =>
        Statistics.Ratios(Rates(scenario, pair), Rates(scenario, baseline));

    private IReadOnlyList<double> Rates(Scenario scenario, string pair) =>
        [.. _samples[(scenario, pair)].Select(static sample => sample.PerSecond)];
}
