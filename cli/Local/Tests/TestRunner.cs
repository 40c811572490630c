using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Tests;

/// <summary>Runs a plan with `dotnet test`, and adds the results up.</summary>
internal sealed class TestRunner(string artifacts, Narrator narrator, TimeProvider time)
{
    // What a test project may take before it counts as hung.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(30);

    // Hundreds of short-lived programs: what pays off after minutes only costs here. .NET reads these numbers as hexadecimal:
    // a method is optimised after 1280 calls instead of 30.
    private static readonly Dictionary<string, string?> _environment = new()
    {
        ["DOTNET_TieredPGO"] = "0", ["DOTNET_gcServer"] = "0", ["DOTNET_TC_CallCountThreshold"] = "500",
    };

    private string Results => Path.Combine(artifacts, "test-results");

    /// <param name="plan">What to run.</param>
    /// <param name="notRun">What the caller left out, and why.</param>
    /// <param name="options">Given to `dotnet test` as they are.</param>
    /// <param name="output">Gets the closing lines.</param>
    /// <param name="cancellationToken">Ends what runs.</param>
    /// <returns>Exit code: 0 only when something ran and nothing failed.</returns>
    public async Task<int> RunAsync(TestPlan plan, IReadOnlyList<string> notRun, IReadOnlyList<string> options, TextWriter output, CancellationToken cancellationToken)
    {
        if (Directory.Exists(Results))
        {
            Directory.Delete(Results, recursive: true);
        }

        Directory.CreateDirectory(Results);
        foreach (var stage in plan.Stages)
        {
            await Task.WhenAll(stage.Select(job => RunAsync(job, options, cancellationToken)));
        }

        return TestSummary.Write(Results, [.. plan.Jobs.Select(static job => job.Results)], [.. plan.NotRun, .. notRun], output);
    }

    private async Task RunAsync(TestJob job, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        var log = Path.Combine(Directory.CreateDirectory(Path.Combine(artifacts, "logs")).FullName, $"{job.Results}.log");
        var lines = new Lock();
        await using var writer = new StreamWriter(log);
        var started = time.GetTimestamp();
        narrator.Step(job.Title);
        string[] filter = job.Filter is null ? [] : ["--filter", job.Filter];
        await using var tests = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "dotnet",
            Arguments =
            [
                "test", Path.Combine(artifacts, job.Flavour, "bin", job.Project, "release", $"{job.Project}.dll"),
                "--logger", $"trx;LogFileName={job.Results}.trx", "--results-directory", Results, .. filter, .. options,
            ],
            Environment = _environment,
            OnLine = line =>
            {
                lock (lines)
                {
                    writer.WriteLine(line.Text);
                }
            },
        });

        var exitCode = await WaitAsync(tests, job, started, cancellationToken);
        var took = string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(started).TotalSeconds:F0} s");
        if (exitCode == 0)
        {
            narrator.Good($"{job.Title}: {took}");
            return;
        }

        foreach (var line in tests.LastLines)
        {
            narrator.Relay(line);
        }

        narrator.Bad($"{job.Title}: failed after {took}, log: {log}");
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<int> WaitAsync(ChildProcess tests, TestJob job, long started, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await tests.Exited.WaitAsync(_tick, time, cancellationToken);
            }
            catch (TimeoutException) when (time.GetElapsedTime(started) < _limit)
            {
                narrator.Say(string.Create(CultureInfo.InvariantCulture, $"   {job.Title}: {time.GetElapsedTime(started).TotalSeconds:F0} s …"));
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                await tests.StopAsync(UnixSignal.Terminate, _grace, CancellationToken.None);
                return await tests.Exited is var code and not 0 ? code : 1;
            }
        }
    }
}
