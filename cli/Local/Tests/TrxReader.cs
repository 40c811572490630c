using System.Xml;
using System.Xml.Linq;

namespace Fleet.Cli.Local.Tests;

/// <summary>Reads the result files of `dotnet test --logger trx`.</summary>
internal static class TrxReader
{
    private static readonly XNamespace _trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <exception cref="XmlException">The file is cut off: its test run was killed.</exception>
    public static IReadOnlyList<TestResult> Read(string file)
    {
        var project = Path.GetFileNameWithoutExtension(file);
        var document = XDocument.Load(file);
        var results = document.Descendants(_trx + "UnitTestResult").Select(result => new TestResult(
            project,
            (string?)result.Attribute("testName") ?? "?",
            OutcomeOf((string?)result.Attribute("outcome")),
            MessageOf(result))).ToList();

        // A run that was aborted (a crash of the test host) has results that all look well: the file's own errors tell.
        var summary = document.Descendants(_trx + "ResultSummary").FirstOrDefault();
        if ((string?)summary?.Attribute("outcome") is not ("Completed" or "Passed") && results.All(result => result.Outcome != TestOutcome.Failed))
        {
            var reason = summary?.Descendants(_trx + "Text").Select(text => text.Value.Trim()).FirstOrDefault(text => text.Length > 0);
            results.Add(new TestResult(project, "(the whole run)", TestOutcome.Failed, reason ?? "The test run was aborted."));
        }

        return results;
    }

    private static TestOutcome OutcomeOf(string? outcome) => outcome switch
    {
        "Passed" => TestOutcome.Passed,
        "NotExecuted" or "NotRunnable" or "Inconclusive" => TestOutcome.Skipped,
        // Failed, Error, Timeout, Aborted, and what a later version may add: never counted as good.
        _ => TestOutcome.Failed,
    };

    private static string MessageOf(XElement result) =>
        (result.Descendants(_trx + "Message").FirstOrDefault() ?? result.Descendants(_trx + "StdOut").FirstOrDefault())?.Value.Trim() ?? "";
}
