using System.Text.RegularExpressions;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Cli;

/// <summary>Parts die while people talk: nothing that was said is lost.</summary>
public sealed partial class CrashTests
{
    [LongLocalFleetFact] // Chaos does the same to a fleet, and more.
    public async Task Crash_OfDatabaseScoringAndSilo_LosesNothing()
    {
        await using var fleet = await LocalFleet.StartAsync("--devices", "3", "--loop", "--pause", "0");

        foreach (var part in new[] { "postgres", "scoring", "silo" })
        {
            fleet.Kill(part);
            var answers = 0;
            await fleet.Up.WaitForLineAsync(
                line => line.StartsWith($"ok {part} ", StringComparison.Ordinal) && ++answers == 2, LocalFleet.Limit, $"{part} answering again");
        }

        var printed = 0;
        var before = fleet.Up.Lines.Count(IsTranscript);
        await fleet.Up.WaitForLineAsync(line => IsTranscript(line) && ++printed > before, LocalFleet.Limit, "a transcript after the crashes");
        (await fleet.InterruptAsync()).ShouldBe(0);

        var sum = fleet.Up.Lines.Select(line => Summary().Match(line)).Single(match => match.Success);
        var (recorded, stored, waiting) = (Number(sum, "recorded"), Number(sum, "stored"), Number(sum, "spool"));
        recorded.ShouldBeGreaterThan(0);
        (stored + waiting).ShouldBe(recorded);
        Number(sum, "quarantine").ShouldBe(0);
        Number(sum, "lost").ShouldBe(0);
    }

    private static bool IsTranscript(string line) => line.StartsWith("pi-00", StringComparison.Ordinal);

    private static int Number(Match match, string name) => int.Parse(match.Groups[name].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<recorded>\d+) utterances? recorded, (?<stored>\d+) stored, (?<spool>\d+) in the spool, (?<quarantine>\d+) in quarantine, (?<lost>\d+) lost")]
    private static partial Regex Summary();
}
