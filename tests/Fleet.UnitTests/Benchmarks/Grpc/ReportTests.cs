using Fleet.Benchmarks.GrpcCalls;

namespace Fleet.UnitTests.Benchmarks.GrpcCalls;

public sealed class ReportTests
{
    private const string Baseline = "grpc-js > grpc-js";
    private const string Ours = "compat > compat";

    private static readonly Scenario _unary = new(Load.Unary, 100, 16);
    private static readonly Scenario _upload = new(Load.Upload, 100, 1);

    [Fact]
    public void Write_NoisyRounds_ShowsTheMedianOfTheRatiosAndTheirSpread()
    {
        var results = new Results();

        // The machine was ten times slower in the second round: the ratios of the rounds are 4, 2 and 3.
        Add(results, _unary, (1000, 4000), (100, 200), (2000, 6000));

        Lines(results, [_unary]).ShouldContain("| unary x16 100 B | 1,000 | 4,000 (3.0x, 2.0 to 4.0) |");
    }

    [Fact]
    public void Write_StreamWithoutLatencies_HasNoRowOfThem()
    {
        var results = new Results();
        Add(results, _unary, (1000, 4000));
        Add(results, _upload, (1000, 4000));

        Lines(results, [_unary, _upload]).ShouldContain("| unary x16 100 B | 5 / 9 | 5 / 9 |");
        Lines(results, [_unary, _upload]).ShouldNotContain("| upload 100 B | 5 / 9 | 5 / 9 |");
    }

    [Fact]
    public void Write_Allocations_AreShownOfDotNetOnly()
    {
        var results = new Results();
        Add(results, _unary, (1000, 4000));

        Lines(results, [_unary]).ShouldContain("| unary x16 100 B | 1,200 / 300 |");
    }

    private static void Add(Results results, Scenario scenario, params (double Baseline, double Ours)[] rounds)
    {
        foreach (var (baseline, ours) in rounds)
        {
            results.Add(scenario, Baseline, new Sample(baseline, 5, 9, 1, 0, 0));
            results.Add(scenario, Ours, new Sample(ours, 5, 9, 1, 1200, 300));
        }
    }

    private static string[] Lines(Results results, IReadOnlyList<Scenario> scenarios) =>
        Report.Write(results, scenarios, [Baseline, Ours], Baseline).Split(Environment.NewLine);
}
