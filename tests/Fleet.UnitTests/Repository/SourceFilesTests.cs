namespace Fleet.UnitTests.Repository;

/// <summary>The rules about files that no compiler keeps.</summary>
public sealed class SourceFilesTests
{
    private const int MaxLines = 400;

    // The part of the product that a folder of unit tests is about.
    private static readonly Dictionary<string, string[]> _mirrored = new()
    {
        ["Agent"] = ["device-agent"],
        ["Audio"] = ["audio"],
        ["Cli"] = ["cli"],
        ["Dashboard"] = ["dashboard"],
        ["Grpc"] = ["compat/Grpc/Grpc.Core.Api", "compat/Grpc/Grpc.Net.Client", "compat/Grpc/Grpc.AspNetCore.Server"],
        ["Scoring"] = ["scoring"],
        ["Silo"] = ["silo"],
        ["Storage"] = ["storage"],
    };

    [Fact]
    public void Files_AreShortEnoughToHoldInMind() =>
        SourceTree.Files(".cs", ".razor", ".css", ".cjs", ".js", ".sql", ".proto")
            .Select(file => (file, lines: File.ReadLines(Path.Combine(SourceTree.Root, file)).Count()))
            .Where(file => file.lines > MaxLines)
            .ShouldBeEmpty($"Files have at most {MaxLines} lines: split by role.");

    [Fact]
    public void UnitTests_LieWhereTheirSubjectLies()
    {
        var tests = Path.Combine(SourceTree.Root, "tests", "Fleet.UnitTests");

        foreach (var folder in SourceTree.Below(tests).Select(file => Path.GetDirectoryName(Path.GetRelativePath(tests, Path.Combine(SourceTree.Root, file)))!).Distinct())
        {
            var (part, rest) = folder.Split(Path.DirectorySeparatorChar, 2) is [var first, var second] ? (first, second) : (folder, "");
            if (_mirrored.TryGetValue(part, out var roots))
            {
                roots.ShouldContain(root => Directory.Exists(Path.Combine(SourceTree.Root, root, rest)), $"tests/Fleet.UnitTests/{folder} mirrors no folder of {string.Join(", ", roots)}.");
            }
        }
    }

    [Fact]
    public void UnitTests_OfAClass_LieInTheFolderOfTheSameName()
    {
        var subjects = _mirrored.Values.SelectMany(roots => roots)
            .SelectMany(root => SourceTree.Below(Path.Combine(SourceTree.Root, root)))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .ToLookup(file => Path.GetFileNameWithoutExtension(file)!);

        foreach (var test in SourceTree.Below(Path.Combine(SourceTree.Root, "tests", "Fleet.UnitTests")).Where(file => file.EndsWith("Tests.cs", StringComparison.Ordinal)))
        {
            var segments = test.Split(Path.DirectorySeparatorChar);
            var candidates = subjects[Path.GetFileNameWithoutExtension(test)![..^"Tests".Length]]
                .Where(file => _mirrored.TryGetValue(segments[2], out var roots) && roots.Any(root => file.StartsWith(root + "/", StringComparison.Ordinal)))
                .ToList();
            if (candidates.Count > 0)
            {
                var folder = string.Join('/', segments[3..^1]);
                candidates.ShouldContain(
                    file => Path.GetDirectoryName(file)!.EndsWith(folder, StringComparison.Ordinal), $"{test} tests {candidates[0]}: it belongs in the folder of the same name.");
            }
        }
    }
}
