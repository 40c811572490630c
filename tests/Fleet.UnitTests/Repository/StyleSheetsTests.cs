using System.Text.RegularExpressions;

namespace Fleet.UnitTests.Repository;

/// <summary>The style sheets hold no colour but the tokens, no rule that nothing uses, and are all loaded.</summary>
public sealed partial class StyleSheetsTests
{
    private static readonly string _dashboard = Path.Combine(SourceTree.Root, "dashboard");

    [Fact]
    public void Colours_AreNamedInOnePlace() =>
        Sheets()
            .Where(sheet => Path.GetFileName(sheet) != "tokens.css")
            .SelectMany(sheet => Colour().Matches(Read(sheet)).Select(match => $"{sheet}: {match.Value}"))
            .ShouldBeEmpty("Colours belong into tokens.css, in light and in dark.");

    [Fact]
    public void Tokens_AreAllUsed()
    {
        var all = string.Concat(Sheets().Select(Read));

        // The style page shows the sizes by their names.
        Token().Matches(all).Select(match => match.Groups[1].Value).Distinct()
            .Where(token => !all.Contains($"var({token})", StringComparison.Ordinal) && !all.Contains($"var({token},", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Classes_AreAllUsedByAPage()
    {
        var markup = string.Concat(SourceTree.Below(_dashboard)
            .Where(file => Path.GetExtension(file) is ".razor" or ".cs" or ".js" && !file.Contains("/lib/", StringComparison.Ordinal))
            .Select(Read));
        var words = Word().Matches(markup).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        Sheets().SelectMany(sheet => Class().Matches(WithoutComments(Read(sheet))).Select(match => match.Groups[1].Value)).Distinct()
            .Where(name => !words.Contains(name) && !words.Contains(name[..(name.LastIndexOf('-') + 1)]) && !IsBuilt(name, words))
            .ShouldBeEmpty("Rules that nothing uses are to be taken out.");
    }

    [Fact]
    public void Sheets_AreAllLoaded()
    {
        var app = Read(Path.Combine("dashboard", "Components", "App.razor"));

        Sheets().Select(sheet => Path.GetFileNameWithoutExtension(sheet)!).ShouldAllBe(name => app.Contains($"\"{name}\"", StringComparison.Ordinal));
    }

    // "stat-@key" and "style-@name": the first part stands in the markup, with a dash at its end.
    private static bool IsBuilt(string name, HashSet<string> words)
    {
        for (var dash = name.IndexOf('-', StringComparison.Ordinal); dash > 0; dash = name.IndexOf('-', dash + 1))
        {
            if (words.Contains(name[..(dash + 1)]))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Sheets() => SourceTree.Below(_dashboard).Where(file => file.EndsWith(".css", StringComparison.Ordinal));

    private static string Read(string file) => File.ReadAllText(Path.Combine(SourceTree.Root, file));

    private static string WithoutComments(string css) => Comment().Replace(css, "");

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl)a?\(")]
    private static partial Regex Colour();

    [GeneratedRegex(@"^\s+(--[\w-]+):", RegexOptions.Multiline)]
    private static partial Regex Token();

    [GeneratedRegex(@"\.([a-z][\w-]*)(?=[^{}]*\{)")]
    private static partial Regex Class();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[\w-]+")]
    private static partial Regex Word();
}
