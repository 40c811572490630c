using System.Text.RegularExpressions;

namespace Fleet.UnitTests.Repository;

/// <summary>What the pages point at is there.</summary>
public sealed partial class MarkdownTests
{
    [Fact]
    public void Links_ToFilesOfTheRepository_Resolve()
    {
        foreach (var page in SourceTree.Files(".md"))
        {
            var folder = Path.GetDirectoryName(Path.Combine(SourceTree.Root, page))!;
            foreach (var target in Link().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, page))).Select(match => match.Groups[1].Value.Split('#')[0]))
            {
                if (target.Length > 0 && !target.Contains(':', StringComparison.Ordinal))
                {
                    Path.Exists(Path.Combine(folder, target)).ShouldBeTrue($"{page} points at {target}, which is not there.");
                }
            }
        }
    }

    [Fact]
    public void Architecture_EveryFileItNames_Exists()
    {
        var files = SourceTree.Below(SourceTree.Root).ToList();

        foreach (var name in FileName().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "architecture.md"))).Select(match => match.Groups[1].Value))
        {
            files.ShouldContain(file => file == name || file.EndsWith("/" + name, StringComparison.Ordinal), $"docs/architecture.md names {name}, which is not there.");
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([\w./-]+\.(?:cs|razor|proto|sql))`")]
    private static partial Regex FileName();
}
