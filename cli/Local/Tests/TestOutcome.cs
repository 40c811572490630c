namespace Fleet.Cli.Local.Tests;

/// <summary>What became of a test.</summary>
internal enum TestOutcome
{
    Passed,
    Failed,
    Skipped,
}
