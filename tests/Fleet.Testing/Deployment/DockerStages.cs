using System.Text.RegularExpressions;

namespace Fleet.Testing.Deployment;

/// <summary>A Dockerfile, stage by stage.</summary>
public sealed partial class DockerStages
{
    private const string AllImages = "deploy/docker/Dockerfile";

    public static string Text { get; } = TextOf(AllImages);

    /// <summary>The instructions of each stage, by its name; the first one is its FROM.</summary>
    /// <param name="file">Below the top of the repository; by default the one with all images.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string file = AllImages)
    {
        var stages = new Dictionary<string, IReadOnlyList<string>>();
        List<string>? current = null;
        foreach (var line in TextOf(file).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
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

    private static string TextOf(string file) => ContinuedLine().Replace(File.ReadAllText(Path.Combine(RepositoryPaths.Root, file)), " ");

    [GeneratedRegex(@"^FROM .* AS (\w+)$")]
    private static partial Regex Stage();

    [GeneratedRegex(@"\\\n")]
    private static partial Regex ContinuedLine();
}
