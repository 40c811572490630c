using Fleet.Cli.Local.Tests;

namespace Fleet.UnitTests.Cli.Local.Tests;

public sealed class TestSummaryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-trx-").FullName;
    private readonly StringWriter _output = new();

    [Fact]
    public void Write_PassedFailedSkipped_LastLineIsTheSumAndReasonsComeBefore()
    {
        WriteTrx("Fleet.A", "Failed", Passed("one"), Passed("two"), Failed("three", "expected 1\n  but was 2"));
        WriteTrx("Fleet.B", "Completed", Passed("four"), Skipped("five", "PostgreSQL is missing"));

        var exitCode = TestSummary.Write(_folder, ["Fleet.A", "Fleet.B"], ["full flavour: not run, the feed lacks X"], _output);

        exitCode.ShouldBe(1);
        var lines = Lines();
        lines[^1].ShouldBe("3 passed, 1 failed, 1 skipped");
        lines[^2].ShouldContain("full flavour: not run, the feed lacks X");
        lines[^3].ShouldContain("five: PostgreSQL is missing");
        lines.ShouldContain(line => line.Contains("expected 1 but was 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_AllPassed_ExitCodeIsZero()
    {
        WriteTrx("Fleet.A", "Completed", Passed("one"));

        TestSummary.Write(_folder, ["Fleet.A"], [], _output).ShouldBe(0);
        Lines()[^1].ShouldBe("1 passed, 0 failed, 0 skipped");
    }

    [Fact]
    public void Write_ProjectWithoutResults_Fails()
    {
        WriteTrx("Fleet.A", "Completed", Passed("one"));

        TestSummary.Write(_folder, ["Fleet.A", "Fleet.B"], [], _output).ShouldBe(1);
        Lines()[^1].ShouldBe("1 passed, 1 failed, 0 skipped");
        _output.ToString().ShouldContain("Fleet.B");
    }

    [Fact]
    public void Write_RunAborted_FailsAlthoughEveryResultIsGood()
    {
        WriteTrx("Fleet.A", "Failed", Passed("one"));

        TestSummary.Write(_folder, [], [], _output).ShouldBe(1);
        _output.ToString().ShouldContain("host process crashed");
    }

    [Fact]
    public void Write_FileCutOff_Fails()
    {
        File.WriteAllText(Path.Combine(_folder, "Fleet.A.trx"), "<TestRun><Results>");

        TestSummary.Write(_folder, [], [], _output).ShouldBe(1);
        Lines()[^1].ShouldBe("0 passed, 1 failed, 0 skipped");
    }

    [Fact]
    public void Write_NothingRan_Fails()
    {
        WriteTrx("Fleet.A", "Completed", Skipped("one", "no microphone"), Skipped("two", "no microphone"));

        TestSummary.Write(_folder, ["Fleet.A"], [], _output).ShouldBe(1);
        Lines()[^1].ShouldBe("0 passed, 0 failed, 2 skipped");
        Lines()[^2].ShouldContain("2 tests");
    }

    public void Dispose()
    {
        _output.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Passed(string name) => $"""<UnitTestResult testName="{name}" outcome="Passed" />""";

    private static string Failed(string name, string message) =>
        $"""<UnitTestResult testName="{name}" outcome="Failed"><Output><ErrorInfo><Message>{message}</Message></ErrorInfo></Output></UnitTestResult>""";

    private static string Skipped(string name, string reason) =>
        $"""<UnitTestResult testName="{name}" outcome="NotExecuted"><Output><ErrorInfo><Message>{reason}</Message></ErrorInfo></Output></UnitTestResult>""";

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void WriteTrx(string project, string outcome, params string[] results) => File.WriteAllText(
        Path.Combine(_folder, project + ".trx"),
        $"""
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>{string.Concat(results)}</Results>
          <ResultSummary outcome="{outcome}"><RunInfos><RunInfo><Text>host process crashed</Text></RunInfo></RunInfos></ResultSummary>
        </TestRun>
        """);
}
