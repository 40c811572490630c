using System.Diagnostics;
using Fleet.Testing;

namespace Fleet.UnitTests.Cli;

public sealed class ScriptTests
{
    [ShellcheckFact]
    public void Scripts_Shellcheck_FindsNothing()
    {
        using var process = Process.Start(new ProcessStartInfo("shellcheck", [Path.Combine(RepositoryPaths.Root, "fleet"), Path.Combine(RepositoryPaths.Root, ".ci", "run")])
        {
            RedirectStandardOutput = true,
        }).ShouldNotBeNull();

        process.StandardOutput.ReadToEnd().ShouldBeEmpty();
        process.WaitForExit(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        process.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Script_Length_IsSmall() =>
        File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "fleet")).Length.ShouldBeLessThan(180, "work belongs in the programs");

    /// <summary>Shellcheck is a tool for developers: a machine without it skips, in CI too.</summary>
    private sealed class ShellcheckFactAttribute : FactAttribute
    {
        public ShellcheckFactAttribute()
        {
            Skip = Requirement.IsOnPath("shellcheck") ? null : "shellcheck is not installed";
        }
    }
}
