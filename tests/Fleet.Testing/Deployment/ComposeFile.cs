using System.Text.RegularExpressions;

namespace Fleet.Testing.Deployment;

/// <summary>docker-compose.yml as the compose command sees it: variables of the shell, then those of .env, then the defaults.</summary>
public sealed partial class ComposeFile
{
    private ComposeFile(YamlTree tree)
    {
        Tree = tree;
    }

    public static string Text => File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docker-compose.yml"));

    public YamlTree Tree { get; }

    public IReadOnlyDictionary<string, YamlTree> Services => Tree["services"].Entries;

    /// <summary>Reads the files of this repository.</summary>
    /// <param name="shell">Variables that the caller's shell has.</param>
    public static ComposeFile Read(IReadOnlyDictionary<string, string>? shell = null)
    {
        var variables = new Dictionary<string, string>();
        string? Find(string name) => shell?.GetValueOrDefault(name) ?? variables.GetValueOrDefault(name);
        foreach (var line in File.ReadLines(Path.Combine(RepositoryPaths.Root, ".env")))
        {
            if (EnvLine().Match(line) is { Success: true } match)
            {
                variables[match.Groups[1].Value] = Interpolate(match.Groups[2].Value, Find);
            }
        }

        return new ComposeFile(YamlTree.ReadAll(Interpolate(Text, Find)).Single());
    }

    /// <summary>The variables that the file reads, each with what stands behind its name.</summary>
    public static IReadOnlyList<(string Name, string Form)> Variables() =>
        [.. Variable().Matches(Text).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    private static string Interpolate(string text, Func<string, string?> find) => Variable().Replace(text, match =>
    {
        var value = find(match.Groups[1].Value);
        return match.Groups[2].Value switch
        {
            [':', '-', .. var byDefault] => string.IsNullOrEmpty(value) ? byDefault : value,
            [':', '+', .. var instead] => string.IsNullOrEmpty(value) ? "" : instead,
            "" => value ?? "",
            var other => throw new InvalidDataException($"${{{match.Groups[1].Value}{other}}} is a form that is not known here."),
        };
    });

    [GeneratedRegex(@"\$\{(\w+)([^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^([A-Z_]+)=(.*)$")]
    private static partial Regex EnvLine();
}
