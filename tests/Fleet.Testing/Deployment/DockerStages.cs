using System.Text.RegularExpressions;

namespace Fleet.Testing.Deployment;

/// <summary>deploy/docker/Dockerfile, stage by stage.</summary>
public sealed partial class DockerStages
{
    public static string Text { get; } = ContinuedLine().Replace(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "docker", "Dockerfile")), " ");

    /// <summary>The instructions of each stage, by its name; the first one is its FROM.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read()
    {
        var stages = new Dictionary<string, IReadOnlyList<string>>();
        List<string>? current = null;
        foreach (var line in Text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (Stage().Match(line) is { Success: true } stage)
            {
                current = [];
                stages.Add(stage.Groups[1].Value, current);
            }

            current?.Add(line);
        }

        return stages;
    }

    [GeneratedRegex(@"^FROM .* AS (\w+)$")]
    private static partial Regex Stage();

    [GeneratedRegex(@"\\\n")]
    private static partial Regex ContinuedLine();
}
