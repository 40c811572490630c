using System.Diagnostics;
using System.Runtime.Versioning;
using Fleet.Testing;
using Fleet.UnitTests.Agent;

namespace Fleet.UnitTests.Cli;

[UnsupportedOSPlatform("windows")]
public sealed class ScriptTests
{
    private static readonly string[] _scripts =
    [
        "fleet", ".ci/run", "deploy/debian/build.sh", "deploy/debian/install.sh", "deploy/debian/postinst", "deploy/debian/prerm", "deploy/debian/postrm",
    ];

    [ShellcheckFact]
    public void Scripts_Shellcheck_FindsNothing()
    {
        using var process = Process.Start(new ProcessStartInfo("shellcheck", _scripts.Select(script => Path.Combine(RepositoryPaths.Root, script)))
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

    /// <summary>A person who never used NuGet has no NuGet.Config, and the script must not need one.</summary>
    [Fact]
    public void Test_HomeFolderIsNew_DecidesTheFlavourAndSaysWhatFailed()
    {
        using TemporaryFolder home = new();
        var tools = Directory.CreateDirectory(Path.Combine(home.Path, "tools")).FullName;
        WriteTool(Path.Combine(tools, "dotnet"), "[ \"$1\" = --version ] && echo 10.0.400 || { echo 'error NU1101: no such package'; exit 1; }");
        WriteTool(Path.Combine(tools, "npm"), "exit 0");
        ProcessStartInfo start = new(Path.Combine(RepositoryPaths.Root, "fleet"), ["test"]) { RedirectStandardOutput = true };
        start.Environment["HOME"] = home.Path;
        start.Environment["FLEET_ARTIFACTS"] = Path.Combine(home.Path, "artifacts");
        start.Environment["PATH"] = $"{tools}:{start.Environment["PATH"]}";

        using var process = Process.Start(start).ShouldNotBeNull();
        var said = process.StandardOutput.ReadToEnd();

        process.WaitForExit(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        process.ExitCode.ShouldBe(1);
        said.ShouldContain("ok flavour: portable (the feed does not allow the full one: no such package)");
        said.ShouldEndWith("0 passed, 0 failed, 0 skipped\n");
    }

    [Theory]
    [InlineData("test", "--help")]
    [InlineData("test", "-h")]
    [InlineData("--help")]
    [InlineData("help")]
    public void Help_IsShownAndNothingIsBuilt(params string[] arguments)
    {
        using TemporaryFolder empty = new();
        ProcessStartInfo start = new(Path.Combine(RepositoryPaths.Root, "fleet"), arguments) { RedirectStandardOutput = true };
        start.Environment["FLEET_ARTIFACTS"] = empty.Path;

        using var process = Process.Start(start).ShouldNotBeNull();
        var said = process.StandardOutput.ReadToEnd();

        process.WaitForExit(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        process.ExitCode.ShouldBe(0);
        said.ShouldContain("./fleet test [--all]");
        Directory.EnumerateFileSystemEntries(empty.Path).ShouldBeEmpty();
    }

    private static void WriteTool(string path, string body)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Shellcheck is a tool for developers: a machine without it skips, in CI too.</summary>
    private sealed class ShellcheckFactAttribute : FactAttribute
    {
        public ShellcheckFactAttribute()
        {
            Skip = Requirement.IsOnPath("shellcheck") ? null : "shellcheck is not installed";
        }
    }
}
