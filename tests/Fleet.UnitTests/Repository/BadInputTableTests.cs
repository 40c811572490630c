using System.Text.RegularExpressions;

namespace Fleet.UnitTests.Repository;

/// <summary>The table of bad input in docs/operations.md: every row names tests that exist, and every test of bad input has a row.</summary>
public sealed partial class BadInputTableTests
{
    private const string Heading = "## Bad input: who is told what";

    private static readonly Lazy<Dictionary<string, HashSet<string>>> _testsByClass = new(ReadTests);

    [Fact]
    public void Rows_HaveFiveColumns_AndNameTestsThatExist()
    {
        var rows = Rows();

        rows.Count.ShouldBeGreaterThan(50);
        foreach (var row in rows)
        {
            row.Length.ShouldBe(5, $"input | who | words | what goes on | test: {string.Join(" | ", row)}");
            row.ShouldAllBe(cell => cell.Length > 0, $"An empty cell: {string.Join(" | ", row)}");
            var names = TestName().Matches(row[4]);
            names.ShouldNotBeEmpty($"The last column names a test, `Class.Method`: {string.Join(" | ", row)}");
            foreach (Match name in names)
            {
                _testsByClass.Value.ShouldContainKey(name.Groups[1].Value, $"There is no test class {name.Groups[1].Value}.");
                _testsByClass.Value[name.Groups[1].Value].ShouldContain(name.Groups[2].Value, $"There is no test {name.Value}.");
            }
        }
    }

    [Fact]
    public void Tests_InFoldersOfBadInput_AreInTheTable()
    {
        var named = Rows().SelectMany(row => TestName().Matches(row[4])).Select(match => match.Value.Trim('`')).ToHashSet();
        var ofBadInput = TestFiles().Where(file => file.Contains("/BadInput/", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file));

        var missing = ofBadInput.Where(_testsByClass.Value.ContainsKey)
            .SelectMany(name => _testsByClass.Value[name].Select(method => $"{name}.{method}"))
            .Where(test => !named.Contains(test));

        missing.ShouldBeEmpty("Tell people in docs/operations.md what these tests show.");
    }

    private static List<string[]> Rows()
    {
        var page = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "operations.md"));
        var section = page.SkipWhile(line => line != Heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        return [.. section
            .Where(line => line.StartsWith('|') && !line.StartsWith("|--", StringComparison.Ordinal) && !line.StartsWith("| input |", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Replace("\\|", "¦", StringComparison.Ordinal).Split('|').Select(cell => cell.Trim()).ToArray())];
    }

    private static IEnumerable<string> TestFiles() => SourceTree.Below(Path.Combine(SourceTree.Root, "tests"))
        .Where(file => file.EndsWith("Tests.cs", StringComparison.Ordinal))
        .Select(file => file.Replace('\\', '/'));

    private static Dictionary<string, HashSet<string>> ReadTests()
    {
        var tests = new Dictionary<string, HashSet<string>>();
        foreach (var file in TestFiles())
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (!tests.TryGetValue(name, out var methods))
            {
                tests.Add(name, methods = []);
            }

            // Two classes of one name (in two projects) count as one here.
            methods.UnionWith(TestMethod().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, file))).Select(match => match.Groups[1].Value));
        }

        return tests;
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();

    // An attribute of a test, perhaps others, then the method.
    [GeneratedRegex(@"\[\w*(?:Fact|Theory)\b[^\]]*\]\s*(?:\[[^\n]*\]\s*)*public (?:static )?(?:async )?[\w<>]+ (\w+)\(")]
    private static partial Regex TestMethod();
}
