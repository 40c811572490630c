using System.Diagnostics;
using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Chaos;

/// <summary>A minute of `./fleet chaos`: parts are killed, frozen and cut off while devices speak, and nothing of it is lost.</summary>
public sealed class ChaosTests
{
    /// <summary>A further seed to run with: what a person has seen fail, or another one each night.</summary>
    private const string SeedVariable = "FLEET_CHAOS_SEED";

    private const string FixedSeed = "4";

    // Two busy cores: the run itself is a minute, its drain is bounded by --drain.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Seeds()
    {
        var seeds = new TheoryData<string> { FixedSeed };
        if (Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } seed && seed != FixedSeed)
        {
            seeds.Add(seed);
        }

        return seeds;
    }

    [LocalFleetTheory]
    [MemberData(nameof(Seeds))]
    public async Task Chaos_AMinuteOfIt_LosesNothing(string seed)
    {
        await using var chaos = Start("--devices", "6", "--minutes", "1", "--rate", "0.5", "--seed", seed);

        var exitCode = await chaos.WaitForExitAsync(_limit);

        // What it wrote names the seed, and where logs and ledgers are.
        exitCode.ShouldBe(0, string.Join('\n', chaos.Lines));
        chaos.Lines.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: clean."));
    }

    [LocalFleetFact]
    public async Task Interrupt_InTheMiddle_EndsEveryPartAndGivesNoVerdict()
    {
        await using var chaos = Start("--devices", "2", "--minutes", "10", "--seed", FixedSeed);
        await chaos.WaitForLineAsync("all parts run", LocalFleet.Limit);
        var parts = ProcessIdentity.ChildrenOf(chaos.Process.ProcessId);

        chaos.Process.Signal(UnixSignal.Interrupt);

        (await chaos.WaitForExitAsync(_stopLimit)).ShouldBe(2, string.Join('\n', chaos.Lines));
        parts.Count.ShouldBeGreaterThanOrEqualTo(5);
        parts.Where(part => part.IsAlive()).ShouldBeEmpty();
        var kept = chaos.Lines.Single(line => line.StartsWith("Logs, ledgers and spools: ", StringComparison.Ordinal)).Split(": ")[1];
        Directory.Exists(Path.Combine(kept, "ledgers")).ShouldBeTrue();
        Directory.Delete(kept, recursive: true);
    }

    [LocalFleetFact]
    public async Task Kill_OfTheHarness_LeavesNothingRunning()
    {
        await using var chaos = Start("--devices", "2", "--minutes", "10", "--seed", FixedSeed);
        await chaos.WaitForLineAsync("all parts run", LocalFleet.Limit);
        var parts = ProcessIdentity.ChildrenOf(chaos.Process.ProcessId);
        parts.Count.ShouldBeGreaterThanOrEqualTo(5);

        // Not its group: what it has started lives in groups of its own, as after a crash.
        LibC.Kill(chaos.Process.ProcessId, UnixSignal.Kill);

        foreach (var part in parts.Where(part => part.IsAlive()))
        {
            try
            {
                using var process = Process.GetProcessById(part.ProcessId);
                await process.WaitForExitAsync().WaitAsync(_stopLimit);
            }
            catch (ArgumentException)
            {
                // Gone meanwhile.
            }
        }

        parts.Where(part => part.IsAlive()).ShouldBeEmpty();
    }

    private static TestProgram Start(params string[] options) => TestProgram.Start("Fleet.Chaos", options);
}
