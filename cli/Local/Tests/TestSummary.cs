using System.Globalization;
using System.Xml;

namespace Fleet.Cli.Local.Tests;

/// <summary>The closing lines of `./fleet test`: what failed, what did not run and why, and the sums.</summary>
internal static class TestSummary
{
    private const int MessageLength = 300;

    /// <returns>Exit code: 0 only when something ran and nothing failed.</returns>
    public static int Write(string folder, IReadOnlyList<string> expected, IReadOnlyList<string> notRun, TextWriter output)
    {
        var results = ReadAll(folder, expected);
        var failed = results.Where(result => result.Outcome == TestOutcome.Failed).ToArray();
        if (failed.Length > 0)
        {
            output.WriteLine("Failed:");
            foreach (var result in failed)
            {
                output.WriteLine($"  {result.Project}: {result.Name}");
                output.WriteLine($"      {OneLine(result.Message)}");
            }
        }

        var skipped = results.Where(result => result.Outcome == TestOutcome.Skipped)
            .GroupBy(result => (result.Project, result.Message))
            .OrderBy(group => group.Key.Project, StringComparer.Ordinal)
            .ToArray();
        output.WriteLine(skipped.Length + notRun.Count > 0 ? "Did not run:" : "Did not run: nothing was left out.");
        foreach (var group in skipped)
        {
            var names = group.Count() == 1
                ? group.First().Name
                : string.Create(CultureInfo.InvariantCulture, $"{group.Count()} tests, {group.First().Name} among them");
            output.WriteLine($"  {group.Key.Project}: {names}: {(group.Key.Message.Length > 0 ? OneLine(group.Key.Message) : "no reason given")}");
        }

        foreach (var line in notRun)
        {
            output.WriteLine($"  {line}");
        }

        var passed = results.Count(result => result.Outcome == TestOutcome.Passed);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{passed} passed, {failed.Length} failed, {results.Count(result => result.Outcome == TestOutcome.Skipped)} skipped"));
        return passed > 0 && failed.Length == 0 ? 0 : 1;
    }

    private static List<TestResult> ReadAll(string folder, IReadOnlyList<string> expected)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.trx").Order(StringComparer.Ordinal).ToArray() : [];
        var results = new List<TestResult>();
        foreach (var file in files)
        {
            try
            {
                results.AddRange(TrxReader.Read(file));
            }
            catch (XmlException ex)
            {
                results.Add(new TestResult(Path.GetFileNameWithoutExtension(file), "(the whole run)", TestOutcome.Failed, $"Its results are cut off: {ex.Message}"));
            }
        }

        var present = files.Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        results.AddRange(expected.Where(name => !present.Contains(name)).Select(name => new TestResult(
            name, "(the whole run)", TestOutcome.Failed, "It ended without results: it crashed, took too long or was not built.")));
        return results;
    }

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[])['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MessageLength ? line : line[..MessageLength] + " …";
    }
}
