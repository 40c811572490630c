using Fleet.Cli.Local.Processes;

namespace Fleet.Chaos.Running;

/// <summary>The points at which this build's silo can be told to kill itself.</summary>
internal static class FaultPoints
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    // Only a loss comes there, which few devices have: the silo's own tests pass that point.
    private const string OfLosses = ".loss.";

    /// <summary>Empty where the silo knows no such option.</summary>
    public static async Task<IReadOnlyList<string>> AskAsync(FleetPrograms programs, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await using var silo = ChildProcess.Start(programs.Command(FleetPrograms.Silo, ["--list-fault-points"], new Dictionary<string, string?>(), line =>
        {
            lock (lines)
            {
                lines.Add(line.Text.Trim());
            }
        }));
        try
        {
            if (await silo.Exited.WaitAsync(_limit, cancellationToken) != 0)
            {
                return [];
            }
        }
        catch (TimeoutException)
        {
            return [];
        }

        lock (lines)
        {
            return [.. lines.Where(IsPassed).Order(StringComparer.Ordinal)];
        }
    }

    private static bool IsPassed(string line) =>
        line.Contains('.', StringComparison.Ordinal) && !line.Contains(' ', StringComparison.Ordinal) && !line.Contains(OfLosses, StringComparison.Ordinal);
}
