namespace Fleet.Cli.Local.Tests;

/// <summary>One line of a .trx file.</summary>
/// <param name="Project">Test project.</param>
/// <param name="Name">Full name of the test.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Message">Why it failed or was skipped; empty for a passed one.</param>
internal sealed record TestResult(string Project, string Name, TestOutcome Outcome, string Message);
