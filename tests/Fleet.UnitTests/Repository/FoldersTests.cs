using System.Text.RegularExpressions;

namespace Fleet.UnitTests.Repository;

/// <summary>Inside a program data flows one way, too: no two folders of it use each other's types.</summary>
public sealed partial class FoldersTests
{
    [Theory]
    [InlineData("audio")]
    [InlineData("cli/Local")]
    [InlineData("dashboard")]
    [InlineData("device-agent")]
    [InlineData("scoring")]
    [InlineData("silo")]
    [InlineData("storage")]
    public void Folders_OfAProject_DoNotUseEachOther(string project)
    {
        var files = SourceTree.Below(Path.Combine(SourceTree.Root, project))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => new SourceFile(file, Path.GetRelativePath(project, file).Split('/') is [var folder, _, ..] ? folder : "", Code(file)))
            .ToList();
        var homes = files.SelectMany(file => Declaration().Matches(file.Code).Select(match => (Type: match.Groups[1].Value, file.Folder)))
            .GroupBy(home => home.Type)
            .Where(homes => homes.Select(home => home.Folder).Distinct().Count() == 1)
            .ToDictionary(homes => homes.Key, homes => homes.First().Folder);
        var uses = files
            .SelectMany(file => Word().Matches(file.Code).Select(match => match.Value).Distinct()
                .Where(word => homes.TryGetValue(word, out var home) && home != file.Folder)
                .Select(word => (From: file.Folder, To: homes[word], Because: $"{Path.GetFileName(file.Path)} uses {word}")))
            .ToLookup(use => (use.From, use.To), use => use.Because);

        uses.Where(use => uses.Contains((use.Key.To, use.Key.From)))
            .Select(use => $"{use.Key.From} -> {use.Key.To}: {string.Join(", ", use.Take(4))}")
            .ShouldBeEmpty($"Folders of {project} that use each other: move what both need to the one below.");
    }

    // Without comments (they may name anything) and texts.
    private static string Code(string file) => CommentOrText().Replace(File.ReadAllText(Path.Combine(SourceTree.Root, file)), " ");

    private sealed record SourceFile(string Path, string Folder, string Code);

    [GeneratedRegex(@"\b(?:class|interface|record|struct|enum)\s+(?:struct\s+)?([A-Z]\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<!\.)\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex CommentOrText();
}
