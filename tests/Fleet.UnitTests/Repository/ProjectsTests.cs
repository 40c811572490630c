using System.Xml.Linq;

namespace Fleet.UnitTests.Repository;

/// <summary>Dependencies point one way (docs/architecture.md), and no program references another.</summary>
public sealed class ProjectsTests
{
    private static readonly Dictionary<string, string[]> _mayReference = new()
    {
        ["contracts"] = [],
        ["audio"] = [],
        ["storage"] = ["contracts"],
        ["silo"] = ["contracts", "storage"],
        ["dashboard"] = ["contracts", "storage"],
        ["device-agent"] = ["contracts", "audio"],
        ["scoring"] = ["contracts", "audio"],
        ["cli"] = ["contracts", "audio"],
    };

    [Fact]
    public void References_PointTheWayTheHouseIsBuilt()
    {
        foreach (var (room, allowed) in _mayReference)
        {
            var project = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, room), "*.csproj").Single();
            var rooms = XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value.Replace('\\', '/')))))
                .Select(path => path.Split('/')[0])
                .Where(referenced => referenced != "compat");

            rooms.Except(allowed).ShouldBeEmpty($"{room} may reference {string.Join(", ", allowed)} only.");
        }
    }

    [Fact]
    public void Solution_HasEveryProject()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "Fleet.sln")).Replace('\\', '/');

        foreach (var project in SourceTree.Files(".csproj").Where(project => !project.StartsWith("compat/FeedTrial", StringComparison.Ordinal)))
        {
            solution.ShouldContain(project);
        }
    }
}
