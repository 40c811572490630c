using Fleet.Benchmarks.Ingest;

namespace Fleet.UnitTests.Benchmarks.Ingest;

public sealed class IngestReportTests
{
    private static readonly IngestOptions _options = IngestOptions.Parse([]);

    [Fact]
    public void Write_NoisyRounds_ShowsTheMedianOfTheRatiosOfEachRound()
    {
        IngestResults results = new() { Floods = { [64] = [Flood(800), Flood(90), Flood(1_000)] } };
        // The machine was ten times slower in the second round: the ratios of the rounds are 0.8, 0.9 and 1.
        results.Bare.AddRange([new BareReport(1, 1_000, 2, 3), new BareReport(1, 100, 2, 3), new BareReport(1, 1_000, 2, 3)]);

        Lines(results).ShouldContain("| 64 | 800 | 76.8 | 0.90 (0.80 to 1.00) | 5.0 / 9.0 | 0 |");
    }

    [Fact]
    public void Write_RowsThatAreNotThere_AreMissing()
    {
        MemorySample[] samples =
        [
            new(5, OutagePhase.Before, 100, 0, 0), new(10, OutagePhase.Away, 300, 50, 0), new(15, OutagePhase.Recovery, 350, 2, 0),
            new(20, OutagePhase.After, 200, 0, 0),
        ];
        OutageResult outage = new(samples, 10, new StoredRows(9, 8, 768_000), new DevicesReport(), TimeSpan.FromSeconds(5));

        outage.IsComplete.ShouldBeFalse();
        var lines = Lines(new IngestResults { Outage = outage });
        lines.ShouldContain("10 spoken, 9 rows, 2 missing, 1 twice, 768,000 bytes of audio of 960,000;");
        lines.ShouldContain("| most (15 s) | 350 | 2 |");
    }

    private static DevicesReport Flood(long stored) => new() { Seconds = 1, Stored = stored, P50Milliseconds = 5, P99Milliseconds = 9 };

    private static string[] Lines(IngestResults results) => IngestReport.Write(results, _options).Split(Environment.NewLine);
}
